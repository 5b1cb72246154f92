package io.distributedlock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTests {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Statistics.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Statistics(4, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Statistics.of(List.of(9.0, 1.0, 4.0, 5.0)).median()).isEqualTo(4.5);
    }

    @Test
    void nothingHasNoStatistics() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.percentile(new double[0], 0.5));
    }

    @Test
    void aPercentileIsOneOfTheValues() {
        double[] values = new double[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = 100 - i;
        }

        assertThat(Statistics.percentile(values, 0.5)).isEqualTo(50);
        assertThat(Statistics.percentile(values, 0.99)).isEqualTo(99);
        assertThat(Statistics.percentile(values, 0)).isEqualTo(1);
        assertThat(Statistics.percentile(values, 1)).isEqualTo(100);
    }
}

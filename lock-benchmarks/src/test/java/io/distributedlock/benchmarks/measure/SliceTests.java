package io.distributedlock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SliceTests {

    @Test
    void fairnessIsTheLeastGrantsOfAThreadDividedByTheMost() {
        assertThat(slice(100L, 25L, 50L).fairness()).isEqualTo(0.25);
        assertThat(slice(7L, 7L).fairness()).isEqualTo(1);
        assertThat(slice(7L, 0L).fairness()).isZero();
        assertThat(slice(0L, 0L).fairness()).isZero();
    }

    @Test
    void grantsOfAllThreadsCount() {
        assertThat(slice(100L, 50L).perSecond()).isCloseTo(75, within(1e-9));
    }

    @Test
    void slicesOfSeveralJvmsAreOne() {
        Slice together = Slice.together(
                List.of(new Slice(2, List.of(4L, 2L), 1, ""), new Slice(2, List.of(8L), 2, "worker 3 was inside")));

        assertThat(together).isEqualTo(new Slice(2, List.of(4L, 2L, 8L), 3, "worker 3 was inside"));
    }

    @Test
    void aSliceComesThroughALineAsItWas() {
        Slice slice = new Slice(1.5, List.of(4L, 2L), 1, "1 failed, the first with an error");
        Slice silent = new Slice(1.5, List.of(4L), 0, "");

        assertThat(Slice.fromLine(slice.toLine())).isEqualTo(slice);
        assertThat(Slice.fromLine(silent.toLine())).isEqualTo(silent);
    }

    private static Slice slice(Long... grants) {
        return new Slice(2, List.of(grants), 0, "");
    }
}

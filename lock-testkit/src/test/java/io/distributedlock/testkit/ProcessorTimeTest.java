package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {

    @Test
    void knowsWhatIsUsedAndWhatIsStolen() {
        assertThat(ProcessorTime.parse("cpu  100 20 30 4000 500 6 7 80 0 0")).isEqualTo(new ProcessorTime(163, 80));
    }

    @Test
    void aShareIsOfWhatWasWanted() {
        ProcessorTime before = new ProcessorTime(1_000, 100);

        assertThat(new ProcessorTime(1_060, 140).stolenPercentSince(before)).isEqualTo(40);
        assertThat(new ProcessorTime(1_005, 104).stolenPercentSince(before)).isZero();
    }

    @Test
    void isReadWhereTheSystemTells() {
        assertThat(ProcessorTime.now().stolenPercentSince(ProcessorTime.now())).isZero();
    }
}

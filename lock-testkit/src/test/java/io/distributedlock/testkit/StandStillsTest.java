package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandStillsTest {

    private final StandStills seen = new StandStills();

    @Test
    void aShortDelayIsNone() {
        seen.woke(1_000, Duration.ofMillis(99).toNanos());

        assertThat(seen.since(0)).isZero();
    }

    @Test
    void isKnownToWhoeverBeganBeforeItsEnd() {
        seen.woke(1_000, Duration.ofMillis(300).toNanos());

        assertThat(seen.since(999)).hasMillis(300);
        assertThat(seen.since(1_000)).isZero();
    }

    @Test
    void timesMayOverflow() {
        seen.woke(Long.MIN_VALUE + 1, Duration.ofMillis(300).toNanos());

        assertThat(seen.since(Long.MAX_VALUE)).hasMillis(300);
    }
}

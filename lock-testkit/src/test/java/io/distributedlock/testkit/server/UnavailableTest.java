package io.distributedlock.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnavailableTest {

    private static final List<String> REASONS = List.of("no redis-server on PATH", "no container engine answers");

    @Test
    void skipsTheTestsAndSaysWhatWasTried() {
        assertThatThrownBy(() -> Unavailable.because("Redis", REASONS, false))
                .satisfies(skipped ->
                        assertThat(skipped.getClass().getSimpleName()).isEqualTo("TestAbortedException"))
                .hasMessageContaining("No Redis")
                .hasMessageContaining("no redis-server on PATH; no container engine answers");
    }

    @Test
    void failsTheTestsInACiBuild() {
        assertThat(Unavailable.because("Redis", REASONS, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CI=true");
    }
}

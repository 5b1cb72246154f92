package io.distributedlock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.scenario.Options;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BenchmarksTests {

    @Test
    void theHeadSaysHowLongTheRunTook() {
        List<String> head = Benchmarks.head(
                Options.from(new Properties()), List.of("Redis 7", "etcd 3"), Duration.ofSeconds(3_725));

        assertThat(head)
                .contains(
                        "Servers: Redis 7, etcd 3",
                        "Rounds: 5 and a warm-up, of 0.8 s for each adapter",
                        "Took: 62 min 5 s from the first scenario to the last");
    }
}

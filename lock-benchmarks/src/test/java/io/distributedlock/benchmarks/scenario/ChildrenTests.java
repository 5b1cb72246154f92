package io.distributedlock.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.server.Servers;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ChildrenTests {

    @Test
    void eachLockHasOneGuardForAllTurns() throws Exception {
        try (Servers servers = new Servers();
                Contenders contenders = new Contenders();
                Children children = new Children(
                        new Bench(Options.from(new Properties()), servers, contenders, line -> {}), 0, List.of())) {
            assertThat(children.guardOf("one"))
                    .isEqualTo(children.guardOf("one"))
                    .isNotEqualTo(children.guardOf("another"));
        }
    }
}

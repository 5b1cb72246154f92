package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

class SecondChanceTest {

    static final AtomicInteger RUNS = new AtomicInteger();

    @BeforeEach
    void begin() {
        RUNS.set(0);
    }

    static void failAtFirst() {
        assertThat(RUNS.incrementAndGet()).isGreaterThan(1);
    }

    /** Run by the tests below only. */
    static class OnASteadyMachine {

        @RegisterExtension
        static final SecondChance chance = new SecondChance(begin -> Duration.ZERO);

        @Test
        void failsAtFirst() {
            failAtFirst();
        }
    }

    /** Run by the tests below only. */
    static class OnAMachineThatStoodStill {

        @RegisterExtension
        static final SecondChance chance = new SecondChance(begin -> Duration.ofMillis(300));

        @Test
        void failsAtFirst() {
            failAtFirst();
        }
    }

    private static long failures(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents()
                .failed()
                .count();
    }

    @Test
    void isNotGivenOnASteadyMachine() {
        assertThat(failures(OnASteadyMachine.class)).isOne();
        assertThat(failures(OnASteadyMachine.class)).isOne();
    }

    @Test
    void isGivenWhereTheMachineStoodStill() {
        assertThat(failures(OnAMachineThatStoodStill.class)).isOne();
        assertThat(failures(OnAMachineThatStoodStill.class)).isZero();
    }
}

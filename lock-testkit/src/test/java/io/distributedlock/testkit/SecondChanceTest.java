package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Optional;
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
        static final SecondChance chance = new SecondChance(() -> Optional::empty);

        @Test
        void failsAtFirst() {
            failAtFirst();
        }
    }

    /** Run by the tests below only. */
    static class OnADisturbedMachine {

        @RegisterExtension
        static final SecondChance chance = new SecondChance(() -> () -> Optional.of("slept"));

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
    void isGivenOnADisturbedMachine() {
        assertThat(failures(OnADisturbedMachine.class)).isOne();
        assertThat(failures(OnADisturbedMachine.class)).isZero();
    }
}

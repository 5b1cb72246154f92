package io.distributedlock.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.measure.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class InterleavedTests {

    private final List<String> order = new ArrayList<>();

    private LongConsumer call(String name) {
        return turn -> order.add(name + turn);
    }

    @Test
    void eachTurnBeginsWithAnotherOne() {
        Interleaved.medians(List.of(call("a"), call("b"), call("c")), 0.01);

        assertThat(order).startsWith("a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2", "a3");
        assertThat(order.size() % 3).as("calls of a turn that was cut off").isZero();
    }

    @Test
    void aFewCallsThatTakeLongDoNotCount() {
        LongConsumer sometimes = turn -> {
            if (turn % 4 == 0) {
                busy(3);
            }
        };
        double[] micros = Interleaved.medians(List.of(sometimes, turn -> busy(1)), 0.2);

        assertThat(micros[0]).isLessThan(micros[1]);
        assertThat(micros[1]).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void whatIsComparedIsOfTheSameRound() {
        // The machine is half as fast in the last round, which hits both.
        List<double[]> rounds = List.of(new double[] {10, 12}, new double[] {10, 15}, new double[] {20, 28});

        assertThat(Interleaved.ratio(rounds, 1, 0)).isEqualTo(new Statistics(1.4, 1.2, 1.5));
    }

    private static void busy(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}

package io.distributedlock.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.distributedlock.benchmarks.measure.Slice;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RatiosTests {

    private final List<String> order = new ArrayList<>();

    @Test
    void everySliceIsComparedWithTheFloorOfItsOwnRound() throws Exception {
        // The machine is half as fast in the last round, which hits both.
        Rounds rounds =
                Rounds.run(1, 3, List.of(turn("floor", 9, 100, 100, 50), turn("lock", 1, 90, 80, 45)), line -> {});

        Row lock = Ratios.toFloor(rounds, "floor").rows(false).get(1);

        assertThat(lock.metrics().get(Metric.RATIO)).isEqualTo(new Statistics(0.9, 0.8, 0.9));
    }

    @Test
    void eachRoundBeginsWithAnotherOne() throws Exception {
        Rounds.run(1, 2, List.of(turn("a", 1, 1, 1), turn("b", 1, 1, 1), turn("c", 1, 1, 1)), line -> {});

        assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
    }

    @Test
    void withWorkInsideTheBoundIsTheWorkAndOneHandOff() throws Exception {
        // A hand-off in 0.1 ms and 0.9 ms of work: 1000 a second, if nothing is lost.
        Rounds rounds = Rounds.run(1, 1, List.of(turn("free", 1, 10_000), turn("lock", 1, 950)), line -> {});

        Row lock = Ratios.toHandOffs(rounds, "free", 900_000).rows(true).get(1);

        assertThat(Objects.requireNonNull(lock.metrics().get(Metric.RATIO)).median())
                .isCloseTo(0.95, within(1e-9));
    }

    @Test
    void aViolationWhileWarmingUpCountsToo() throws Exception {
        Iterator<Slice> slices = List.of(
                        new Slice(1, List.of(1L), 3, "worker 1 was inside together with worker 2"),
                        new Slice(1, List.of(1L), 0, ""))
                .iterator();
        Rounds rounds = Rounds.run(1, 1, List.of(new Turn("lock", slices::next)), line -> {});

        Row lock = Ratios.toFloor(rounds, "lock").rows(false).get(0);

        assertThat(lock.violations()).isEqualTo(3);
        assertThat(lock.remark()).isEqualTo("worker 1 was inside together with worker 2");
    }

    private Turn turn(String name, long... perSecond) {
        List<Slice> slices = new ArrayList<>();
        for (long grants : perSecond) {
            slices.add(new Slice(1, List.of(grants), 0, ""));
        }
        Iterator<Slice> next = slices.iterator();
        return new Turn(name, () -> {
            order.add(name);
            return next.next();
        });
    }
}

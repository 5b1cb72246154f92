package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.measure.Slice;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Compares each slice with the slice that a reference had in the same round. */
final class Ratios {

    private final Rounds rounds;
    private final String reference;
    private final boolean referenceIsFloor;
    private final DoubleUnaryOperator bound;

    /** Compared with what is made of the reference's number. */
    private Ratios(Rounds rounds, String reference, boolean referenceIsFloor, DoubleUnaryOperator bound) {
        this.rounds = rounds;
        this.reference = reference;
        this.referenceIsFloor = referenceIsFloor;
        this.bound = bound;
    }

    static Ratios toFloor(Rounds rounds, String floor) {
        return new Ratios(rounds, floor, true, perSecond -> perSecond);
    }

    /** When the lock is kept for some time, no more can be done than work and a hand-off, one after the other. */
    static Ratios toHandOffs(Rounds rounds, String withoutWork, long workNanos) {
        return new Ratios(rounds, withoutWork, false, perSecond -> 1 / (workNanos / 1e9 + 1 / perSecond));
    }

    List<Row> rows(boolean withFairness) {
        List<Row> rows = new ArrayList<>();
        for (String name : rounds.names()) {
            List<Slice> slices = rounds.measured(name);
            Map<Metric, Statistics> metrics = new EnumMap<>(Metric.class);
            if (referenceIsFloor || !name.equals(reference)) {
                metrics.put(Metric.RATIO, ratio(name));
            }
            metrics.put(
                    Metric.PER_SECOND,
                    Statistics.of(slices.stream().map(Slice::perSecond).toList()));
            if (withFairness && slices.get(0).grants().size() > 1) {
                metrics.put(
                        Metric.FAIRNESS,
                        Statistics.of(slices.stream().map(Slice::fairness).toList()));
            }
            rows.add(new Row(name, metrics, rounds.violations(name), rounds.remark(name)));
        }
        return rows;
    }

    private Statistics ratio(String name) {
        List<Slice> slices = rounds.measured(name);
        List<Slice> references = rounds.measured(reference);
        return Statistics.of(IntStream.range(0, slices.size())
                .mapToObj(round -> slices.get(round).perSecond()
                        / bound.applyAsDouble(references.get(round).perSecond()))
                .toList());
    }
}

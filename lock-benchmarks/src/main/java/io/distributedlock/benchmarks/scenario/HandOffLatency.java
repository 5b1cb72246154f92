package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How long a lock is nobody's between two JVMs.
 *
 * @param name of the scenario
 */
record HandOffLatency(String name) implements Scenario {

    @Override
    public String description() {
        return "Two JVMs pass one lock to and fro: time from the call of release in one to the return of acquire in the other,"
                + " which waits all the while. Compared with the floor pair: one script deletes and publishes, the other side"
                + " sends SET NX when it hears of that.";
    }

    /** What one adapter took, round by round. */
    private static final class Times {
        final List<double[]> rounds = new ArrayList<>();
        long violations;
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        List<Adapter> all = new ArrayList<>(List.of(Adapters.FLOOR_PAIR));
        all.addAll(bench.adaptersThatWait(Store.REDIS));
        Map<String, Times> times = new LinkedHashMap<>();
        all.forEach(adapter -> times.put(adapter.name(), new Times()));
        try (Children children = new Children(bench, 2, all)) {
            for (int round = 0; round <= bench.options().rounds(); round++) {
                StringBuilder line = new StringBuilder(round == 0 ? "  warm-up:" : "  round " + round + ":");
                for (int i = 0; i < all.size(); i++) {
                    String adapter = all.get((i + round) % all.size()).name();
                    Times mine = Objects.requireNonNull(times.get(adapter));
                    double[] micros = slice(children, adapter, bench.options().seconds(), mine);
                    line.append(" %s %.0f µs".formatted(adapter, Statistics.percentile(micros, 0.5)));
                    if (round > 0) {
                        mine.rounds.add(micros);
                    }
                }
                bench.progress().accept(line.toString());
            }
        }
        Times floor = Objects.requireNonNull(times.get(Adapters.FLOOR_PAIR.name()));
        return times.entrySet().stream()
                .map(each -> row(each.getKey(), each.getValue(), floor))
                .toList();
    }

    private double[] slice(Children children, String adapter, double seconds, Times times) throws Exception {
        String lock = name + ":" + adapter;
        String line = "ping-pong %s %s %s %s %s "
                .formatted(adapter, lock, seconds, children.newFile(), children.guardOf(lock));
        double[] micros = {};
        for (String answer : children.ask(List.of(line + 0, line + 1))) {
            String[] parts = answer.split(" ", 2);
            times.violations += Long.parseLong(parts[0]);
            double[] more = Arrays.stream(parts[1].split(","))
                    .filter(nanos -> !nanos.isEmpty())
                    .mapToDouble(nanos -> Long.parseLong(nanos) / 1e3)
                    .toArray();
            int known = micros.length;
            micros = Arrays.copyOf(micros, known + more.length);
            System.arraycopy(more, 0, micros, known, more.length);
        }
        if (micros.length == 0) {
            throw new IllegalStateException(adapter + " did not pass the lock once within " + seconds + " s");
        }
        return micros;
    }

    private static Row row(String adapter, Times times, Times floor) {
        Map<Metric, Statistics> metrics = new EnumMap<>(Metric.class);
        metrics.put(
                Metric.LATENCY_RATIO,
                Statistics.of(IntStream.range(0, times.rounds.size())
                        .mapToObj(round -> Statistics.percentile(times.rounds.get(round), 0.5)
                                / Statistics.percentile(floor.rounds.get(round), 0.5))
                        .toList()));
        metrics.put(Metric.P50_MICROS, percentiles(times, 0.5));
        metrics.put(Metric.P99_MICROS, percentiles(times, 0.99));
        return new Row(adapter, metrics, times.violations, "");
    }

    private static Statistics percentiles(Times times, double part) {
        return Statistics.of(times.rounds.stream()
                .map(round -> Statistics.percentile(round, part))
                .toList());
    }
}

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import io.distributedlock.benchmarks.server.CommandCounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Many leases that are held and renewed, and nothing else.
 *
 * @param name of the scenario
 * @param count how many
 * @param withGrowth whether to hold them once more after locks have been taken and given back many times
 */
record HeldLeases(String name, int count, boolean withGrowth) implements Scenario {

    private static final Set<String> COMPARED = Set.of("ours-redis", "redisson");

    /** Three renewal periods of a lease of 15 s. */
    private static final double REST_SECONDS = 15;

    private static final int CYCLES = 300;
    private static final int CYCLED_NAMES = 100;

    @Override
    public String description() {
        return ("%d leases of 15 s, held by one JVM that does nothing else for three renewal periods. CPU is the client's, as a"
                        + " share of one processor; commands are the server's, including those in scripts. %s")
                .formatted(
                        count,
                        withGrowth
                                ? "Growth: commands a second after %d of these locks were taken and given back %d times, divided by those before."
                                        .formatted(CYCLED_NAMES, CYCLES)
                                : "");
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        List<Adapter> adapters =
                new ArrayList<>(bench.adapters(Store.REDIS, adapter -> COMPARED.contains(adapter.name())));
        // Measured first, so that the others can be compared.
        adapters.sort((one, other) -> Boolean.compare(isRedisson(other), isRedisson(one)));
        List<Row> rows = new ArrayList<>();
        double redissonCpu = Double.NaN;
        for (Adapter adapter : adapters) {
            Map<Metric, Statistics> metrics = measure(bench, adapter);
            double cpu = metrics.getOrDefault(Metric.CPU_PERCENT, exactly(Double.NaN))
                    .median();
            if (isRedisson(adapter)) {
                redissonCpu = cpu;
            }
            if (!Double.isNaN(redissonCpu)) {
                metrics.put(Metric.CPU_RATIO, exactly(cpu / redissonCpu));
            }
            rows.add(new Row(adapter.name(), metrics, 0, ""));
        }
        return rows;
    }

    private Map<Metric, Statistics> measure(Bench bench, Adapter adapter) throws Exception {
        String locks = adapter.name() + " " + name + ":" + adapter.name() + ":";
        Map<Metric, Statistics> metrics = new EnumMap<>(Metric.class);
        try (Children child = new Children(bench, 1, List.of(adapter));
                CommandCounts counts = new CommandCounts(bench.servers().address(Store.REDIS))) {
            // Warm, and still held: a release may leave something behind, which is what growth is about.
            child.ask(0, "hold %swarm-up: %d".formatted(locks, count / 100));
            child.ask(0, "rest 5");
            metrics.put(
                    Metric.HEAP_BYTES, exactly(Double.parseDouble(child.ask(0, "hold %s %d".formatted(locks, count)))));
            double commands = rest(child, counts, metrics);
            bench.progress().accept("  %s: %.0f commands per second".formatted(adapter.name(), commands));
            metrics.put(Metric.COMMANDS_PER_SECOND, exactly(commands));
            if (withGrowth) {
                child.ask(0, "release");
                child.ask(0, "cycle %s %d %d".formatted(locks, CYCLED_NAMES, CYCLES));
                child.ask(0, "hold %s %d".formatted(locks, count));
                metrics.put(Metric.GROWTH, exactly(rest(child, counts, new EnumMap<>(Metric.class)) / commands));
            }
            child.ask(0, "release");
        }
        return metrics;
    }

    private static double rest(Children child, CommandCounts counts, Map<Metric, Statistics> metrics) throws Exception {
        long before = counts.now();
        double cpu = Double.parseDouble(child.ask(0, "rest " + REST_SECONDS));
        metrics.put(Metric.CPU_PERCENT, exactly(cpu * 100));
        return (counts.now() - before) / REST_SECONDS;
    }

    private static boolean isRedisson(Adapter adapter) {
        return adapter.name().equals("redisson");
    }

    private static Statistics exactly(double value) {
        return new Statistics(value, value, value);
    }
}

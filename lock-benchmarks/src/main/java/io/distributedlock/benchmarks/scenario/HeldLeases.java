package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.Comparator;
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
        adapters.sort(Comparator.comparing(adapter -> !isRedisson(adapter)));
        List<Row> rows = new ArrayList<>();
        double redissonCpu = Double.NaN;
        for (Adapter adapter : adapters) {
            try (Holding holding = new Holding(bench, adapter, name)) {
                holding.measure(count);
                if (withGrowth) {
                    holding.measureGrowth(CYCLED_NAMES, CYCLES);
                }
                if (isRedisson(adapter)) {
                    redissonCpu = holding.cpuPercent();
                }
                Map<Metric, Statistics> metrics = holding.metrics();
                if (!Double.isNaN(redissonCpu)) {
                    metrics.put(Metric.CPU_RATIO, Holding.exactly(holding.cpuPercent() / redissonCpu));
                }
                rows.add(new Row(adapter.name(), metrics, holding.violations(), holding.remark()));
            }
        }
        return rows;
    }

    private static boolean isRedisson(Adapter adapter) {
        return adapter.name().equals("redisson");
    }
}

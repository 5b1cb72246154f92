package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Intruder;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.server.CommandCounts;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A JVM that holds many leases of one adapter and does nothing else. */
final class Holding implements AutoCloseable {

    /** Three renewal periods of a lease of 15 s. */
    private static final double REST_SECONDS = 15;

    /** Two: nothing is left of taking the leases. Compilers go on for longer, whoever renews. */
    private static final double SETTLE_SECONDS = 10;

    private static final int INTRUSIONS = 100;

    private final Bench bench;
    private final Adapter adapter;
    private final Children child;
    private final CommandCounts counts;
    private final String prefix;
    private final String locks;
    private final Map<Metric, Statistics> metrics = new EnumMap<>(Metric.class);
    private String remark = "";
    private long violations;
    private int count;

    Holding(Bench bench, Adapter adapter, String scenario) throws IOException {
        this.bench = bench;
        this.adapter = adapter;
        child = new Children(bench, 1, List.of(adapter));
        counts = new CommandCounts(bench.servers().address(Store.REDIS));
        prefix = scenario + ":" + adapter.name() + ":";
        locks = adapter.name() + " " + prefix;
    }

    void measure(int leases) throws IOException {
        count = leases;
        // Warm, and still held: a release may leave something behind, which is what growth is about.
        hold("warm-up:", Math.max(1, leases / 100));
        metrics.put(Metric.HEAP_BYTES, exactly(hold("", count)));
        child.ask(0, "rest " + SETTLE_SECONDS);
        metrics.put(Metric.COMMANDS_PER_SECOND, exactly(rest(true)));
        intrude();
        release();
    }

    /** The same once more, after some of the locks have come and gone. */
    void measureGrowth(int names, int cycles) throws IOException {
        child.ask(0, "cycle %s %d %d".formatted(locks, names, cycles));
        hold("", count);
        double before = metrics.getOrDefault(Metric.COMMANDS_PER_SECOND, exactly(Double.NaN))
                .median();
        metrics.put(Metric.GROWTH, exactly(rest(false) / before));
        intrude();
        release();
    }

    Map<Metric, Statistics> metrics() {
        return metrics;
    }

    double cpuPercent() {
        return metrics.getOrDefault(Metric.CPU_PERCENT, exactly(Double.NaN)).median();
    }

    /** How many of the locks a second client got. */
    long violations() {
        return violations;
    }

    /** What could not be taken, was held twice, or was lost while nothing was wrong. */
    String remark() {
        return remark;
    }

    private double hold(String more, int leases) throws IOException {
        String[] answer =
                child.ask(0, "hold %s%s %d".formatted(locks, more, leases)).split(" ", 2);
        note(answer[1]);
        return Double.parseDouble(answer[0]);
    }

    private double rest(boolean withCpu) throws IOException {
        long before = counts.now();
        double cpu = Double.parseDouble(child.ask(0, "rest " + REST_SECONDS));
        if (withCpu) {
            metrics.put(Metric.CPU_PERCENT, exactly(cpu * 100));
        }
        double commands = (counts.now() - before) / REST_SECONDS;
        bench.progress().accept("  %s: CPU %.1f %%, %.0f commands per second".formatted(locks, cpu * 100, commands));
        return commands;
    }

    /** From this JVM, by a client that is there for no longer: neither the child's processor nor commands at rest know of it. */
    private void intrude() throws IOException {
        if (!remark.isEmpty()) {
            return; // not all of them are held
        }
        try (LockClient second = bench.open(adapter)) {
            Intruder intruder = new Intruder(second);
            intruder.tryLocks(prefix, count, INTRUSIONS);
            violations += intruder.violations().count();
            note(intruder.violations().first());
            note(intruder.failures());
        }
    }

    private void release() throws IOException {
        note(child.ask(0, "release"));
    }

    private void note(String failures) {
        if (remark.isEmpty()) {
            remark = failures;
        }
    }

    static Statistics exactly(double value) {
        return new Statistics(value, value, value);
    }

    @Override
    public void close() throws IOException {
        child.close();
        counts.close();
    }
}

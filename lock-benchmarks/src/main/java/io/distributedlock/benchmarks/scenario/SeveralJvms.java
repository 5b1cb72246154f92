package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Threads of several JVMs want the same lock.
 *
 * @param name of the scenario
 * @param workMicros how long each keeps it
 */
record SeveralJvms(String name, long workMicros) implements Scenario {

    private static final int JVMS = 4;
    private static final int THREADS_EACH = 4;

    /** On few processors several compilers stand in each other's way: a lock is up to three times as fast later on. */
    private static final int WARM_UPS = 4;

    /** Beyond that: a lock that few hundred callers in a second get is not compiled in the time of all rounds. */
    private static final double ALONE_SECONDS = 1;

    @Override
    public String description() {
        String load = "One name, %d JVMs with %d threads each.".formatted(JVMS, THREADS_EACH);
        return workMicros == 0
                ? load + " Compared with the serial floor: one thread of one JVM."
                : load + " " + WithWork.description(workMicros);
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        Adapter reference = workMicros == 0 ? Adapters.floor(Store.REDIS) : WithWork.handOff(Store.REDIS);
        String referenceName = workMicros == 0 ? reference.name() : WithWork.REFERENCE;
        int referenceThreads = workMicros == 0 ? 1 : Contended.THREADS;
        List<Adapter> adapters = bench.adapters(Store.REDIS, adapter -> adapter.has(Adapter.Trait.WAITS));
        List<Adapter> open = new ArrayList<>(adapters);
        if (!open.contains(reference)) {
            open.add(reference);
        }
        double seconds = bench.options().seconds();
        long work = TimeUnit.MICROSECONDS.toNanos(workMicros);
        try (Children children = new Children(bench, JVMS, open)) {
            List<Turn> turns = new ArrayList<>();
            turns.add(new Turn(
                    referenceName,
                    () -> children.alone(reference.name(), name + ":reference", referenceThreads, seconds)));
            for (Adapter adapter : adapters) {
                String lock = name + ":" + adapter.name();
                turns.add(new Turn(
                        adapter.name(), () -> children.contend(adapter.name(), lock, THREADS_EACH, seconds, work)));
            }
            for (Adapter adapter : adapters) {
                children.warmUp(adapter.name(), name + ":warm-up:" + adapter.name(), THREADS_EACH, ALONE_SECONDS);
            }
            Rounds rounds = Rounds.run(WARM_UPS, WithWork.rounds(bench.options(), workMicros), turns, bench.progress());
            return (workMicros == 0
                            ? Ratios.toFloor(rounds, referenceName)
                            : Ratios.toHandOffs(rounds, referenceName, work))
                    .rows(true);
        }
    }
}

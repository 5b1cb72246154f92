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

    /** After the {@link Contenders} are warm. */
    private static final int WARM_UPS = 1;

    @Override
    public String description() {
        String load = "One name, %d JVMs with %d threads each.".formatted(Contenders.JVMS, Contenders.THREADS_EACH);
        return workMicros == 0
                ? load + " Compared with the serial floor: one thread of one JVM."
                : load + " " + WithWork.description(workMicros);
    }

    @Override
    public boolean usesContenders() {
        return true;
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        try {
            return run(bench, bench.contenders().warm(bench));
        } catch (Exception e) {
            bench.contenders().close(); // the next scenario is not to measure with JVMs that may still be busy
            throw e;
        }
    }

    private List<Row> run(Bench bench, Children children) throws Exception {
        Adapter reference = workMicros == 0 ? Adapters.floor(Store.REDIS) : WithWork.handOff(Store.REDIS);
        String referenceName = workMicros == 0 ? reference.name() : WithWork.REFERENCE;
        int referenceThreads = workMicros == 0 ? 1 : Contended.THREADS;
        double seconds = bench.options().seconds();
        long work = TimeUnit.MICROSECONDS.toNanos(workMicros);
        List<Turn> turns = new ArrayList<>();
        turns.add(new Turn(
                referenceName, () -> children.alone(reference.name(), name + ":reference", referenceThreads, seconds)));
        for (Adapter adapter : bench.adaptersThatWait(Store.REDIS)) {
            String lock = name + ":" + adapter.name();
            turns.add(new Turn(
                    adapter.name(),
                    () -> children.contend(adapter.name(), lock, Contenders.THREADS_EACH, seconds, work)));
        }
        Rounds rounds = Rounds.run(WARM_UPS, WithWork.rounds(bench.options(), workMicros), turns, bench.progress());
        return (workMicros == 0
                        ? Ratios.toFloor(rounds, referenceName)
                        : Ratios.toHandOffs(rounds, referenceName, work))
                .rows(true);
    }
}

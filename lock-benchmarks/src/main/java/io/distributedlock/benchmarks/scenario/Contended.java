package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.LockLoad;
import io.distributedlock.benchmarks.measure.Threads;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * All threads of one JVM want the same lock.
 *
 * @param name of the scenario
 * @param store where the lock lives
 * @param workMicros how long each keeps it
 */
record Contended(String name, Store store, long workMicros) implements Scenario {

    static final int THREADS = 16;

    @Override
    public String description() {
        String load = "One name, %d threads of one JVM.".formatted(THREADS);
        return workMicros == 0
                ? load + " Compared with the serial floor: one thread that nobody disturbs."
                : load + " " + WithWork.description(workMicros);
    }

    @Override
    public Set<Store> stores() {
        return Set.of(store);
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        long work = TimeUnit.MICROSECONDS.toNanos(workMicros);
        Adapter reference = workMicros == 0 ? Adapters.floor(store) : WithWork.handOff(store);
        LockLoad load =
                new LockLoad(Threads.platform(), THREADS, bench.options().seconds(), work);
        LockLoad referenceLoad = new LockLoad(
                Threads.platform(),
                workMicros == 0 ? 1 : THREADS,
                bench.options().seconds(),
                0);
        String referenceName = workMicros == 0 ? reference.name() : WithWork.REFERENCE;
        try (OpenClients clients = new OpenClients(bench)) {
            List<Turn> turns = new ArrayList<>();
            LockClient referenceClient = clients.of(reference);
            turns.add(new Turn(referenceName, () -> referenceLoad.onOneName(referenceClient, name + ":reference")));
            for (Adapter adapter : bench.adaptersThatWait(store)) {
                LockClient client = clients.of(adapter);
                turns.add(new Turn(adapter.name(), () -> load.onOneName(client, name + ":" + adapter.name())));
            }
            Rounds rounds =
                    Rounds.run(Rounds.WARM_UPS, WithWork.rounds(bench.options(), workMicros), turns, bench.progress());
            return (workMicros == 0
                            ? Ratios.toFloor(rounds, referenceName)
                            : Ratios.toHandOffs(rounds, referenceName, work))
                    .rows(true);
        }
    }
}

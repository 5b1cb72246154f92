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

/**
 * Nobody waits for anybody: each thread has names of its own.
 *
 * @param name of the scenario
 * @param store where the locks live
 * @param threads how many
 * @param virtual whether they are virtual threads
 */
record Uncontended(String name, Store store, int threads, boolean virtual) implements Scenario {

    private static final int NAMES_EACH = 8;

    @Override
    public String description() {
        return "Uncontended: %d %sthread%s of one JVM, each with %d names of its own. Compared with the floor by as many threads."
                .formatted(threads, virtual ? "virtual " : "", threads == 1 ? "" : "s", NAMES_EACH);
    }

    @Override
    public Set<Store> stores() {
        return Set.of(store);
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        if (virtual && !Threads.hasVirtual()) {
            return List.of(Row.notMeasured("all", "virtual threads need JDK 21 or later"));
        }
        LockLoad load = new LockLoad(
                virtual ? Threads.virtual() : Threads.platform(),
                threads,
                bench.options().seconds(),
                0);
        Adapter floor = Adapters.floor(store);
        // Without contention nothing is handed on, and that option changes nothing.
        List<Adapter> all = new ArrayList<>(List.of(floor));
        all.addAll(bench.adapters(store, adapter -> !adapter.name().endsWith("-no-handoff")));

        try (OpenClients clients = new OpenClients(bench)) {
            List<Turn> turns = new ArrayList<>();
            for (Adapter adapter : all) {
                LockClient client = clients.of(adapter);
                String prefix = name + ":" + adapter.name();
                turns.add(new Turn(adapter.name(), () -> load.onOwnNames(client, prefix, NAMES_EACH)));
            }
            Rounds rounds = Rounds.run(Rounds.WARM_UPS, bench.options().rounds(), turns, bench.progress());
            return Ratios.toFloor(rounds, floor.name()).rows(false);
        }
    }
}

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.LockLoad;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.measure.Threads;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import io.distributedlock.benchmarks.server.CommandCounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One has the lock and many wait; then it goes through all their hands.
 *
 * @param name of the scenario
 * @param waiters how many wait
 */
record Waiting(String name, int waiters) implements Scenario {

    private static final int CLIENTS = 8;

    /** A turn is a drain, however long that takes: locks that poll take long. */
    private static final int MOST_ROUNDS = 3;

    @Override
    public String description() {
        return ("One holder and %d waiting threads over %d clients. Idle: commands that the server carries out while nobody gives"
                        + " the lock back. Then all get it and give it back at once; the hand-offs in a second are compared with the"
                        + " serial floor, and the commands that they cost are counted.")
                .formatted(waiters, CLIENTS);
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        Adapter floor = Adapters.floor(Store.REDIS);
        Map<String, Drain> drains = new LinkedHashMap<>();
        try (OpenClients clients = new OpenClients(bench);
                CommandCounts counts = new CommandCounts(bench.servers().address(Store.REDIS))) {
            LockLoad serial =
                    new LockLoad(Threads.platform(), 1, bench.options().seconds(), 0);
            LockClient floorClient = clients.of(floor);
            List<Turn> turns = new ArrayList<>();
            turns.add(new Turn(floor.name(), () -> serial.onOneName(floorClient, name + ":floor")));
            for (Adapter adapter : bench.adaptersThatWait(Store.REDIS)) {
                List<LockClient> eight = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    eight.add(clients.of(adapter));
                }
                Drain drain = new Drain(eight, name + ":" + adapter.name(), waiters, counts);
                drains.put(adapter.name(), drain);
                turns.add(new Turn(adapter.name(), drain::slice));
            }
            Rounds rounds = Rounds.run(1, Math.min(MOST_ROUNDS, bench.options().rounds()), turns, bench.progress());
            return Ratios.toFloor(rounds, floor.name()).rows(false).stream()
                    .map(row -> withCommands(row, drains.get(row.adapter())))
                    .toList();
        }
    }

    private static Row withCommands(Row row, @Nullable Drain drain) {
        if (drain == null) {
            return row;
        }
        Map<Metric, Statistics> metrics = new EnumMap<>(row.metrics());
        metrics.put(Metric.COMMANDS_PER_HAND_OFF, Statistics.of(drain.commandsPerHandOff()));
        metrics.put(Metric.IDLE_COMMANDS_PER_SECOND, Statistics.of(drain.idleCommandsPerSecond()));
        return new Row(row.adapter(), metrics, row.violations(), row.remark());
    }
}

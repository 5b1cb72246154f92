package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Load;
import io.distributedlock.benchmarks.measure.Threads;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * One script call after the other, by one client or another: no lock, only the way to the store and back.
 *
 * @param name of the scenario
 * @param threads how many call
 * @param virtual whether they are virtual threads
 */
record Transport(String name, int threads, boolean virtual) implements Scenario {

    @Override
    public String description() {
        return ("%d %sthread%s, each sending one script of five commands after the other. Compared with Lettuce's synchronous"
                        + " commands on one connection.")
                .formatted(threads, virtual ? "virtual " : "", threads == 1 ? "" : "s");
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        if (virtual && !Threads.hasVirtual()) {
            return List.of(Row.notMeasured("all", "virtual threads need JDK 21 or later"));
        }
        ThreadFactory factory = virtual ? Threads.virtual() : Threads.platform();
        double seconds = bench.options().seconds();
        try (ScriptCallers callers = new ScriptCallers(bench.servers().address(Store.REDIS))) {
            List<Turn> turns = new ArrayList<>();
            for (ScriptCallers.Caller caller : callers.all(threads)) {
                turns.add(new Turn(
                        caller.name(),
                        () -> Load.run(
                                factory, threads, number -> () -> caller.call(Integer.toString(number)), seconds)));
            }
            Rounds rounds = Rounds.run(Rounds.WARM_UPS, bench.options().rounds(), turns, bench.progress());
            return Ratios.toFloor(rounds, turns.get(0).name()).rows(false);
        }
    }
}

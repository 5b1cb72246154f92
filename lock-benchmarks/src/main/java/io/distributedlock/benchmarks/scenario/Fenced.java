package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.fenced.Database;
import io.distributedlock.benchmarks.fenced.FencedApplication;
import io.distributedlock.benchmarks.fenced.Stock;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * What a lock and its fence add to a transaction.
 *
 * @param name of the scenario
 * @param database of the transactions and of the marks
 */
record Fenced(String name, Database database) implements Scenario {

    /** More than elsewhere: a database in this JVM is to be compiled, too. */
    private static final int WARM_UPS = 5;

    private static final int TRANSACTIONAL = 0;
    private static final int LOCKED = 1;
    private static final List<String> METHODS = List.of("transactional", "locked", "fenced");

    @Override
    public String description() {
        return ("A method that reads a row and writes it in %s, called by one thread: with @Transactional alone, also with a"
                        + " lock in memory, also with guarantee = CORRECTNESS. The three take turns call by call.")
                .formatted(database);
    }

    @Override
    public Set<Store> stores() {
        return Set.of();
    }

    @Override
    public List<Row> run(Bench bench) throws Exception {
        try (FencedApplication application = new FencedApplication(database)) {
            Stock stock = application.stock();
            AtomicLong calls = new AtomicLong();
            List<LongConsumer> methods = List.of(
                    turn -> stock.transactional(row(turn, calls)),
                    turn -> stock.locked(row(turn, calls)),
                    turn -> stock.fenced(row(turn, calls)));
            double seconds = bench.options().seconds() * methods.size();
            List<double[]> rounds = new ArrayList<>();
            for (int round = 1 - WARM_UPS; round <= bench.options().rounds(); round++) {
                double[] micros = Interleaved.medians(methods, seconds);
                bench.progress()
                        .accept("  %s transactional %.1f µs, locked %.1f µs, fenced %.1f µs"
                                .formatted(
                                        round <= 0 ? "warm-up:" : "round " + round + ":",
                                        micros[0],
                                        micros[1],
                                        micros[2]));
                if (round > 0) {
                    rounds.add(micros);
                }
            }
            long lost = Math.abs(calls.get() - stock.sold()) + Math.abs(FencedApplication.ROWS - stock.marks());
            return IntStream.range(0, METHODS.size())
                    .mapToObj(method -> row(method, rounds, lost))
                    .toList();
        }
    }

    private static long row(long turn, AtomicLong calls) {
        calls.incrementAndGet();
        return turn % FencedApplication.ROWS + 1;
    }

    /** Each call has to be found in the database, and each resource to have its mark. */
    private static Row row(int method, List<double[]> rounds, long lost) {
        return new Row(
                METHODS.get(method),
                Map.of(
                        Metric.TIME_TO_TRANSACTIONAL,
                        Interleaved.ratio(rounds, method, TRANSACTIONAL),
                        Metric.TIME_TO_LOCKED,
                        Interleaved.ratio(rounds, method, LOCKED),
                        Metric.P50_MICROS,
                        Statistics.of(
                                rounds.stream().map(micros -> micros[method]).toList())),
                lost,
                lost == 0 ? "" : "calls and marks that are not in the database");
    }
}

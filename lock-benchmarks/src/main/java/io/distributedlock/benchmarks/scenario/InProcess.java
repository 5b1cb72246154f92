package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.measure.Statistics;
import io.distributedlock.benchmarks.report.Metric;
import io.distributedlock.benchmarks.report.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What needs no store: measured by JMH, in a JVM of its own for each. */
record InProcess(String name) implements Scenario {

    private static final int SECONDS_EACH = 1;
    private static final int WARM_UPS = 3;

    @Override
    public String description() {
        return "Within one process, by JMH: the proxy of an annotated method, a hand-off between two threads, the check of a"
                + " lease. The store is memory. Average time of one thread's operation, min and max in the CSV are its 99.9 % interval.";
    }

    @Override
    public Set<Store> stores() {
        return Set.of();
    }

    @Override
    public List<Row> run(Bench bench) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("io\\.distributedlock\\.benchmarks\\.jmh\\..*")
                        .forks(1)
                        .warmupIterations(WARM_UPS)
                        .warmupTime(TimeValue.seconds(SECONDS_EACH))
                        .measurementIterations(bench.options().rounds())
                        .measurementTime(TimeValue.seconds(SECONDS_EACH))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run().stream().map(InProcess::row).toList();
    }

    private static Row row(RunResult run) {
        Result<?> result = run.getPrimaryResult();
        double score = result.getScore();
        double error = Double.isNaN(result.getScoreError()) ? 0 : result.getScoreError();
        String benchmark = run.getParams().getBenchmark();
        return new Row(
                benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1),
                Map.of(Metric.NANOS, new Statistics(score, score - error, score + error)),
                0,
                "");
    }
}

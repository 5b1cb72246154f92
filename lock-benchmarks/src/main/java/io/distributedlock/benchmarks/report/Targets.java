package io.distributedlock.benchmarks.report;

import static io.distributedlock.benchmarks.report.Metric.COMMANDS_PER_HAND_OFF;
import static io.distributedlock.benchmarks.report.Metric.CPU_RATIO;
import static io.distributedlock.benchmarks.report.Metric.FAIRNESS;
import static io.distributedlock.benchmarks.report.Metric.GROWTH;
import static io.distributedlock.benchmarks.report.Metric.HEAP_BYTES;
import static io.distributedlock.benchmarks.report.Metric.IDLE_COMMANDS_PER_SECOND;
import static io.distributedlock.benchmarks.report.Metric.LATENCY_RATIO;
import static io.distributedlock.benchmarks.report.Metric.RATIO;

import java.util.List;
import java.util.stream.Stream;

/** What our locks have to reach. Peers are measured, not judged. */
final class Targets {

    private static final String REDIS = "ours-redis";
    private static final String NO_HAND_OFF = "ours-redis-no-handoff";
    private static final String PIPELINED = "ours-redis-pipelined";
    private static final String ZOOKEEPER = "ours-zookeeper";

    /** A check of each of 8 instances and renewals of the holder, each script with its commands, within a lease time. */
    private static final double IDLE_COMMANDS = 10;

    /** One, and what the edges of a time window add. */
    private static final double NO_GROWTH = 1.05;

    private static final List<Target> ALL = Stream.of(
                    List.of(
                            atLeast("S1", REDIS, RATIO, 0.90),
                            atLeast("S1", PIPELINED, RATIO, 1.5),
                            atLeast("S2", REDIS, RATIO, 0.90),
                            atLeast("S2", PIPELINED, RATIO, 1.2),
                            atLeast("S2v", REDIS, RATIO, 0.90),
                            atLeast("S3", REDIS, RATIO, 10),
                            atLeast("S3", REDIS, FAIRNESS, 0.9),
                            atLeast("S3", NO_HAND_OFF, RATIO, 1.2),
                            atLeast("S3-100us", REDIS, RATIO, 0.90),
                            atLeast("S3-1ms", REDIS, RATIO, 0.90),
                            atLeast("S4", REDIS, RATIO, 8),
                            atLeast("S4", REDIS, FAIRNESS, 0.9),
                            atLeast("S4", NO_HAND_OFF, RATIO, 1.0),
                            atLeast("S4-100us", REDIS, RATIO, 0.90),
                            atLeast("S4-1ms", REDIS, RATIO, 0.90),
                            atMost("S4L", NO_HAND_OFF, LATENCY_RATIO, 1.0),
                            atLeast("ZK-S1", ZOOKEEPER, RATIO, 0.95),
                            atLeast("ZK-S3", ZOOKEEPER, RATIO, 5)),
                    held("S5-10k"),
                    List.of(atMost("S5-10k", REDIS, GROWTH, NO_GROWTH)),
                    held("S5-100k"),
                    waiting("S6-16", 0.5),
                    waiting("S6-128", 1.3),
                    waiting("S6-512", 1.5))
            .flatMap(List::stream)
            .toList();

    private Targets() {}

    static List<Target> of(String scenario, String adapter) {
        return ALL.stream().filter(target -> target.isFor(scenario, adapter)).toList();
    }

    private static List<Target> held(String scenario) {
        return List.of(atMost(scenario, REDIS, CPU_RATIO, 0.5), atMost(scenario, REDIS, HEAP_BYTES, 500));
    }

    private static List<Target> waiting(String scenario, double ratio) {
        return List.of(
                atLeast(scenario, REDIS, RATIO, ratio),
                atMost(scenario, REDIS, COMMANDS_PER_HAND_OFF, 4),
                atMost(scenario, REDIS, IDLE_COMMANDS_PER_SECOND, IDLE_COMMANDS),
                atMost(scenario, NO_HAND_OFF, COMMANDS_PER_HAND_OFF, 12),
                atMost(scenario, NO_HAND_OFF, IDLE_COMMANDS_PER_SECOND, IDLE_COMMANDS));
    }

    private static Target atLeast(String scenario, String adapter, Metric metric, double limit) {
        return new Target(scenario, adapter, metric, limit, true);
    }

    private static Target atMost(String scenario, String adapter, Metric metric, double limit) {
        return new Target(scenario, adapter, metric, limit, false);
    }
}

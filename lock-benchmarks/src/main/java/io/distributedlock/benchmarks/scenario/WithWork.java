package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;

/** What scenarios with work inside the lock are compared with: the work, and one hand-off of ours within a JVM. */
final class WithWork {

    static final String REFERENCE = "ours without work";

    private static final int MOST_ROUNDS = 3;

    private WithWork() {}

    static Adapter handOff(Store store) {
        return Adapters.named(store == Store.ZOOKEEPER ? "ours-zookeeper" : "ours-redis");
    }

    /** Work takes its time, whoever holds the lock: fewer rounds say as much. */
    static int rounds(Options options, long workMicros) {
        return workMicros == 0 ? options.rounds() : Math.min(MOST_ROUNDS, options.rounds());
    }

    static String description(long workMicros) {
        return ("Each keeps the lock for %d µs of work. Compared with the bound 1 / (work + one local hand-off); the hand-off"
                        + " is measured in the same round, by %d threads of one JVM that do no work (\"%s\").")
                .formatted(workMicros, Contended.THREADS, REFERENCE);
    }
}

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.Store;

/** What scenarios with work inside the lock are compared with: the work, and one hand-off of ours within a JVM. */
final class WithWork {

    static final String REFERENCE = "ours without work";

    private WithWork() {}

    static Adapter handOff(Store store) {
        return Adapters.named(store == Store.ZOOKEEPER ? "ours-zookeeper" : "ours-redis");
    }

    static String description(long workMicros) {
        return ("Each keeps the lock for %d µs of work. Compared with the bound 1 / (work + one local hand-off); the hand-off"
                        + " is measured in the same round, by %d threads of one JVM that do no work (\"%s\").")
                .formatted(workMicros, Contended.THREADS, REFERENCE);
    }
}

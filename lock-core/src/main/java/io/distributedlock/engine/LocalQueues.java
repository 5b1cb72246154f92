package io.distributedlock.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The local queues, each there only while somebody waits in it or holds a lease that came from it. */
final class LocalQueues {

    private final EngineParts parts;
    private final HeldLeases leases;
    private final Map<String, Counted> queues = new ConcurrentHashMap<>();

    LocalQueues(EngineParts parts, HeldLeases leases) {
        this.parts = parts;
        this.leases = leases;
    }

    /** Lets the waiter in; the queue stays as long as the waiter waits or has the lease. */
    void enter(Waiter waiter) {
        String name = waiter.terms().name();
        LocalQueue queue = queues.compute(
                        name,
                        (key, counted) -> counted == null
                                ? new Counted(new LocalQueue(key, parts, leases), 1)
                                : new Counted(counted.queue, counted.users + 1))
                .queue;
        waiter.result().whenComplete((lease, failure) -> {
            if (lease == null) {
                leave(name);
            } else {
                lease.whenOver(() -> leave(name));
            }
        });
        queue.enter(waiter);
    }

    private void leave(String name) {
        queues.computeIfPresent(
                name, (key, counted) -> counted.users == 1 ? null : new Counted(counted.queue, counted.users - 1));
    }

    void close() {
        queues.values().forEach(counted -> counted.queue.close());
    }

    /** How many callers wait, by lock. */
    Map<String, Integer> waiting() {
        Map<String, Integer> waiting = new TreeMap<>();
        queues.forEach((name, counted) -> {
            int callers = counted.queue.waiting();
            if (callers > 0) {
                waiting.put(name, callers);
            }
        });
        return waiting;
    }

    int size() {
        return queues.size();
    }

    private record Counted(LocalQueue queue, int users) {}
}

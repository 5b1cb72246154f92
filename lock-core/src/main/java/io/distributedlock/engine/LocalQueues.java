package io.distributedlock.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The local queues, each there only while somebody waits in it or holds a lease that came from it. */
final class LocalQueues {

    private final EngineParts parts;
    private final HeldLeases leases;
    private final WaitLimit waitLimit;
    private final Map<String, LocalQueue> queues = new ConcurrentHashMap<>();

    LocalQueues(EngineParts parts, HeldLeases leases) {
        this.parts = parts;
        this.leases = leases;
        this.waitLimit = new WaitLimit(parts);
    }

    /**
     * Lets the waiter in; the queue stays as long as the waiter waits or has the lease.
     *
     * @param inPlace whether the calling thread is going to wait for the answer, and may be used to get it
     */
    void enter(Waiter waiter, boolean inPlace) {
        queues.compute(waiter.terms().name(), this::withOneMore).enter(waiter, inPlace);
    }

    private LocalQueue withOneMore(String name, @Nullable LocalQueue present) {
        LocalQueue queue = present == null ? new LocalQueue(name, parts, this) : present;
        queue.users++;
        return queue;
    }

    HeldLeases leases() {
        return leases;
    }

    WaitLimit waitLimit() {
        return waitLimit;
    }

    /** One of its users has gone. */
    void leave(LocalQueue queue) {
        queues.computeIfPresent(queue.name(), (name, present) -> --present.users == 0 ? null : present);
    }

    void close() {
        queues.values().forEach(LocalQueue::close);
    }

    /** How many callers wait, by lock. */
    Map<String, Integer> waiting() {
        Map<String, Integer> waiting = new TreeMap<>();
        queues.forEach((name, queue) -> {
            int callers = queue.waiting();
            if (callers > 0) {
                waiting.put(name, callers);
            }
        });
        return waiting;
    }

    int size() {
        return queues.size();
    }
}

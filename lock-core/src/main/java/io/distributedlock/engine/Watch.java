package io.distributedlock.engine;

import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;

/** A lease's place in the order of what the watchdog has to do next; guarded by the watchdog. */
final class Watch {

    /** By the next event; readings of the monotonic clock may overflow, so they are subtracted, never compared. */
    static final Comparator<Watch> BY_TIME = (a, b) -> {
        long difference = a.due - b.due;
        return difference != 0 ? Long.signum(difference) : Long.compare(a.number, b.number);
    };

    private static final AtomicLong numbers = new AtomicLong();

    /** Whoever has the grant now: a heir takes over the place of the one before. */
    ActiveLease lease;

    private final long number = numbers.incrementAndGet();
    long due;
    boolean isSet;

    Watch(ActiveLease lease) {
        this.lease = lease;
    }
}

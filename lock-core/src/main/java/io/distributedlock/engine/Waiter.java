package io.distributedlock.engine;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One caller in the local queue of a lock. */
final class Waiter {

    private final Terms terms;
    private final Moment since;
    private final CompletableFuture<ActiveLease> result = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable LocalQueue queue;
    private volatile Alarms.@Nullable Alarm alarm;

    Waiter(Terms terms, Moment since) {
        this.terms = terms;
        this.since = since;
    }

    /** Grant, time-out, interrupt and cancel race for a waiter; the first to settle it decides. */
    boolean settle() {
        boolean first = settled.compareAndSet(false, true);
        Alarms.Alarm set = alarm;
        if (first && set != null) {
            set.cancel();
        }
        return first;
    }

    boolean isSettled() {
        return settled.get();
    }

    /** Its caller does not want the lock any more: leaves the queue, or gives back what it was just granted. */
    void giveUp() {
        if (!cancel()) {
            result.thenAccept(ActiveLease::closeHandle);
        }
    }

    /** @return whether it left the queue; false = it has been granted or refused already */
    boolean cancel() {
        if (!settle()) {
            return false;
        }
        LocalQueue entered = queue;
        if (entered != null) {
            entered.leave(this);
        }
        fail(new CancellationException());
        return true;
    }

    void entered(LocalQueue where) {
        queue = where;
    }

    /** Takes no time: what a user does with the lease runs on another thread. */
    void grant(ActiveLease lease) {
        result.complete(lease);
    }

    /** By whoever settled this waiter, outside of monitors. */
    void fail(Throwable cause) {
        LocalQueue entered = queue;
        if (entered != null) {
            entered.isDoneWithOne();
        }
        result.completeExceptionally(cause);
    }

    void alarm(Alarms.Alarm set) {
        alarm = set;
        if (isSettled()) {
            set.cancel();
        }
    }

    Terms terms() {
        return terms;
    }

    boolean waits() {
        return !terms.waitTime().isZero();
    }

    long nanosLeft(long now) {
        return ends() - now;
    }

    /** When its wait time is over, a reading of the monotonic clock. */
    long ends() {
        return since.nanos() + terms.waitTime().toNanos();
    }

    /** For messages: as part of a group it has waited since the group began to. */
    Duration waited(long now) {
        Moment asked = terms.askedSince() == null ? since : terms.askedSince();
        return Duration.ofNanos(Math.max(0, now - asked.nanos()));
    }

    /** A reading of the monotonic clock. */
    long since() {
        return since.nanos();
    }

    CompletableFuture<ActiveLease> result() {
        return result;
    }
}

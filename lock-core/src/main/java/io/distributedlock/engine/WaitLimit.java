package io.distributedlock.engine;

import io.distributedlock.LockException;
import io.distributedlock.LockInfo;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * Ends a caller's wait when its time is over, and finds the words for it. The store is asked a little earlier who has the
 * lock, unless this instance has it: for the message, and to tell a lock that others have from a store that does not answer.
 */
final class WaitLimit {

    /** How long a store may take to answer a caller who does not want to wait. */
    static final Duration ANSWER_TIME = Duration.ofSeconds(1);

    private final EngineParts parts;

    WaitLimit(EngineParts parts) {
        this.parts = parts;
    }

    void start(Waiter waiter, LocalQueue queue) {
        if (waiter.isSettled()) {
            return;
        }
        if (waiter.waits()) {
            long left = waiter.nanosLeft(parts.clock().nanos());
            long ahead = Math.min(HolderProbe.AHEAD.toNanos(), left / 2);
            schedule(waiter, queue, left - ahead, () -> {
                queue.probe().ask(waiter.since(), queue.heldHere());
                schedule(waiter, queue, waiter.nanosLeft(parts.clock().nanos()), () -> end(waiter, queue));
            });
        } else {
            schedule(waiter, queue, ANSWER_TIME.toNanos(), () -> end(waiter, queue));
        }
    }

    private void schedule(Waiter waiter, LocalQueue queue, long nanos, Runnable task) {
        try {
            waiter.alarm(parts.alarms().set(nanos, task));
        } catch (RejectedExecutionException shutDown) {
            if (waiter.settle()) {
                queue.leave(waiter);
                waiter.fail(parts.failures().shuttingDown(queue.name()));
            }
        }
    }

    private void end(Waiter waiter, LocalQueue queue) {
        if (waiter.settle()) {
            LockException ending = ending(waiter, queue);
            queue.leave(waiter);
            waiter.fail(ending);
        }
    }

    private LockException ending(Waiter waiter, LocalQueue queue) {
        String name = queue.name();
        HolderProbe probe = queue.probe();
        Throwable claimFailure = queue.lastFailure();
        LockInfo heldHere = queue.heldHere();
        Duration waited = waiter.waited(parts.clock().nanos());
        if (heldHere != null || probe.explains(waiter.since(), claimFailure, queue.claimant())) {
            String holder = heldHere != null ? Failures.heldBy(heldHere) : probe.holder(waiter.since());
            return parts.failures().notAcquired(name, waited, waiter.terms().askedWaitTime(), holder);
        }
        Throwable failure = claimFailure != null ? claimFailure : probe.failure(waiter.since());
        return failure == null
                ? parts.failures().notAnswered(name, "acquire", waited)
                : parts.failures().failed(name, "acquire", failure);
    }
}

package io.distributedlock.zookeeper;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/** A caller's question for the lock: how long it waits, and the answer it gets. */
final class Ask {

    private final CompletableFuture<Optional<LockGrant>> answer = new CompletableFuture<>();
    private final long deadlineNanos;
    private final List<Future<?>> timers;

    /** The last quarter of the wait time is left for asking again when ZooKeeper has not answered at all. */
    Ask(Duration wait, ScheduledExecutorService thread, Runnable mostlyOver, Runnable over) {
        long nanos = wait.toNanos();
        deadlineNanos = System.nanoTime() + nanos;
        timers = nanos == 0
                ? List.of()
                : List.of(
                        thread.schedule(mostlyOver, nanos / 4 * 3, NANOSECONDS),
                        thread.schedule(over, nanos, NANOSECONDS));
    }

    CompletableFuture<Optional<LockGrant>> answer() {
        return answer.copy();
    }

    boolean isTimeOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }

    void grant(LockGrant grant) {
        cancelTimers();
        answer.complete(Optional.of(grant));
    }

    void end() {
        cancelTimers();
        answer.complete(Optional.empty());
    }

    void fail(Throwable cause) {
        cancelTimers();
        answer.completeExceptionally(cause);
    }

    private void cancelTimers() {
        timers.forEach(timer -> timer.cancel(false));
    }
}

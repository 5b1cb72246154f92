package io.distributedlock.zookeeper;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A caller's question for the lock: how long it waits, and the answer it gets. */
final class Ask {

    private final CompletableFuture<Optional<LockGrant>> answer = new CompletableFuture<>();
    private final long deadlineNanos;
    private final ScheduledExecutorService timer;
    private final Executor turns;
    private @Nullable Future<?> alarm;

    Ask(Duration wait, ScheduledExecutorService timer, Executor turns) {
        this.timer = timer;
        this.turns = turns;
        deadlineNanos = System.nanoTime() + wait.toNanos();
    }

    /**
     * Says when the wait is over; set behind the first request, which then leaves earlier. The last quarter of the wait
     * time is left for asking again when ZooKeeper has not answered at all.
     */
    void setAlarm(Runnable mostlyOver, Runnable over) {
        long nanos = deadlineNanos - System.nanoTime();
        if (nanos > 0 && !answer.isDone()) {
            wakeIn(nanos / 4 * 3, () -> {
                mostlyOver.run();
                if (!answer.isDone()) {
                    wakeIn(deadlineNanos - System.nanoTime(), over);
                }
            });
        }
    }

    CompletableFuture<Optional<LockGrant>> answer() {
        return answer.copy();
    }

    boolean isTimeOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }

    void grant(LockGrant grant) {
        answer.complete(Optional.of(grant));
        cancelAlarm();
    }

    void end() {
        answer.complete(Optional.empty());
        cancelAlarm();
    }

    void fail(Throwable cause) {
        answer.completeExceptionally(cause);
        cancelAlarm();
    }

    private void wakeIn(long nanos, Runnable task) {
        alarm = timer.schedule(() -> turns.execute(task), nanos, NANOSECONDS);
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }
}

package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives claims back: every one that was released, timed out, was interrupted or failed. A release is repeated until the
 * store answers, or until whatever the claim may have got has ended by its own time.
 */
final class Releases {

    private static final long FIRST_PAUSE = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

    private final LockBackend backend;
    private final ScheduledExecutorService timer;
    private final Alarms alarms;
    private final EngineClock clock;
    private final Map<Long, CompletableFuture<Boolean>> pending = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    Releases(LockBackend backend, ScheduledExecutorService timer, Alarms alarms, EngineClock clock) {
        this.backend = backend;
        this.timer = timer;
        this.alarms = alarms;
        this.clock = clock;
    }

    /** Answers whether the claim had a grant; exceptional when the store never said. */
    CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        long patience =
                claim.leaseTime().plus(claim.lockDelay()).plus(claim.minHold()).toNanos();
        long number = numbers.incrementAndGet();
        pending.put(number, answer);
        Alarms.Alarm end = endAfter(patience, answer);
        answer.whenComplete((released, failure) -> {
            pending.remove(number);
            if (end != null) {
                end.cancel();
            }
        });
        attempt(claim, keep, answer, clock.nanos() + patience, FIRST_PAUSE);
        return answer;
    }

    /** A store that never answers must not be waited for without end. */
    private Alarms.@Nullable Alarm endAfter(long patience, CompletableFuture<Boolean> answer) {
        try {
            return alarms.set(
                    patience,
                    () -> answer.completeExceptionally(new TimeoutException("no answer until the lease was over")));
        } catch (RejectedExecutionException shutDown) {
            return null;
        }
    }

    /** Those the store has not answered yet. */
    List<CompletableFuture<Boolean>> pending() {
        return List.copyOf(pending.values());
    }

    private void attempt(LockClaim claim, Duration keep, CompletableFuture<Boolean> answer, long until, long pause) {
        CompletableFuture<Boolean> asked;
        try {
            asked = backend.release(claim, keep);
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((released, failure) -> {
            if (failure == null) {
                answer.complete(released);
            } else if (until - clock.nanos() <= 0) {
                answer.completeExceptionally(failure);
            } else {
                again(claim, keep, answer, until, pause, failure);
            }
        });
    }

    private void again(
            LockClaim claim,
            Duration keep,
            CompletableFuture<Boolean> answer,
            long until,
            long pause,
            Throwable failure) {
        long jittered = (long) (pause * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        try {
            timer.schedule(
                    () -> attempt(claim, keep, answer, until, Math.min(2 * pause, LONGEST_PAUSE)),
                    jittered,
                    NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            answer.completeExceptionally(failure);
        }
    }
}

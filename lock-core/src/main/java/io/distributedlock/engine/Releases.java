package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.ReleaseOutcome;
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
import java.util.function.Supplier;
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
    private final Map<Long, CompletableFuture<ReleaseOutcome>> pending = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    Releases(LockBackend backend, ScheduledExecutorService timer, Alarms alarms, EngineClock clock) {
        this.backend = backend;
        this.timer = timer;
        this.alarms = alarms;
        this.clock = clock;
    }

    /**
     * RELEASED or ALREADY_LOST as the store says; UNKNOWN when it says that nothing was there, but to a repeated request:
     * the first one may have been carried out. Exceptional when it never said.
     *
     * @param offer of the calling thread
     */
    CompletableFuture<ReleaseOutcome> release(LockClaim claim, Duration keep, Offer offer) {
        return release(claim, keep, () -> switch (offer) {
            case NOTHING -> backend.release(claim, keep);
            case SENDING -> backend.releasePipelined(claim, keep);
            case SENDING_AND_READING -> backend.releaseInPlace(claim, keep);
        });
    }

    /** As {@link #release(LockClaim, Duration, Offer)}, the first request being made by this function. */
    CompletableFuture<ReleaseOutcome> release(
            LockClaim claim, Duration keep, Supplier<CompletableFuture<Boolean>> request) {
        CompletableFuture<ReleaseOutcome> answer = new CompletableFuture<>();
        long patience =
                claim.leaseTime().plus(claim.lockDelay()).plus(claim.minHold()).toNanos();
        long number = numbers.incrementAndGet();
        pending.put(number, answer);
        Release release = new Release(claim, keep, answer, clock.nanos() + patience);
        attempt(release, request, FIRST_PAUSE);
        Alarms.Alarm end = answer.isDone() ? null : endAfter(patience, answer);
        answer.whenComplete((released, failure) -> {
            pending.remove(number);
            if (end != null) {
                end.cancel();
            }
        });
        return answer;
    }

    /** A store that never answers must not be waited for without end. */
    private Alarms.@Nullable Alarm endAfter(long patience, CompletableFuture<ReleaseOutcome> answer) {
        try {
            return alarms.set(
                    patience,
                    () -> answer.completeExceptionally(new TimeoutException("no answer until the lease was over")));
        } catch (RejectedExecutionException shutDown) {
            return null;
        }
    }

    /** Those the store has not answered yet. */
    List<CompletableFuture<ReleaseOutcome>> pending() {
        return List.copyOf(pending.values());
    }

    private record Release(LockClaim claim, Duration keep, CompletableFuture<ReleaseOutcome> answer, long untilNanos) {}

    private void attempt(Release release, Supplier<CompletableFuture<Boolean>> request, long pause) {
        CompletableFuture<Boolean> asked;
        try {
            asked = request.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((had, failure) -> {
            if (failure == null) {
                boolean repeated = pause > FIRST_PAUSE;
                ReleaseOutcome nothing = repeated ? ReleaseOutcome.UNKNOWN : ReleaseOutcome.ALREADY_LOST;
                release.answer.complete(had ? ReleaseOutcome.RELEASED : nothing);
            } else if (release.untilNanos - clock.nanos() <= 0) {
                release.answer.completeExceptionally(failure);
            } else {
                again(release, pause, failure);
            }
        });
    }

    private void again(Release release, long pause, Throwable failure) {
        long jittered = (long) (pause * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        try {
            timer.schedule(
                    () -> attempt(
                            release,
                            () -> backend.release(release.claim, release.keep),
                            Math.min(2 * pause, LONGEST_PAUSE)),
                    jittered,
                    NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            release.answer.completeExceptionally(failure);
        }
    }
}

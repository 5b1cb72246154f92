package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A claim on its way: asks the store, again with the same holder when an attempt fails, until the wait time is over. The
 * same holder asking again is harmless, because the store answers with the same grant.
 */
final class StoreClaim {

    private static final long FIRST_PAUSE = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();

    private final LockClaim claim;
    private final LocalQueue queue;
    private final EngineParts parts;
    private final Moment since;
    private volatile boolean withdrawn;
    private volatile @Nullable Throwable lastFailure;
    private long pause = FIRST_PAUSE;

    StoreClaim(LockClaim claim, LocalQueue queue, EngineParts parts) {
        this.claim = claim;
        this.queue = queue;
        this.parts = parts;
        this.since = parts.clock().now();
    }

    /**
     * Sends the claim. Called outside of monitors: a store may answer at once.
     *
     * @param inPlace whether the calling thread is going to wait for the answer, and may be used to get it
     */
    void ask(boolean inPlace) {
        LockBackend backend = parts.backend();
        ask(rest -> inPlace ? backend.acquireInPlace(rest) : backend.acquire(rest));
    }

    /** As {@link #ask(boolean)}, the request being made by this function, unless the claim was withdrawn. */
    void ask(Function<LockClaim, CompletableFuture<Optional<LockGrant>>> request) {
        if (withdrawn) {
            return;
        }
        Moment asked = parts.clock().now();
        CompletableFuture<Optional<LockGrant>> answer;
        try {
            LockClaim rest = claim.withWaitTime(Duration.ofNanos(Math.max(0, nanosLeft())));
            answer = request.apply(rest);
            if (needsFullTime()) {
                answer = answer.thenCompose(this::renewBeforeWork);
            }
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (withdrawn) {
            // Its release may have overtaken this request, and the release has to be the last word.
            parts.releases().release(claim, Duration.ZERO, Offer.NOTHING);
        }
        answer.whenComplete((grant, failure) -> {
            if (failure != null) {
                failed(failure);
            } else if (grant.isEmpty()) {
                queue.ended(this);
            } else {
                queue.granted(this, grant.get(), asked);
            }
        });
    }

    private boolean needsFullTime() {
        return !claim.minHold().isZero() && parts.backend().capabilities().keep();
    }

    /**
     * A store that hands a lock over gives it for a short time first. With a minHoldTime the full time must stand before
     * the work starts: should this instance die in its first moment, the lock stays taken all the same.
     */
    private CompletableFuture<Optional<LockGrant>> renewBeforeWork(Optional<LockGrant> grant) {
        if (grant.isEmpty() || grant.get().lease().compareTo(claim.leaseTime()) >= 0) {
            return CompletableFuture.completedFuture(grant);
        }
        LockGrant first = grant.get();
        return parts.backend().renew(List.of(first)).thenApply(renewals -> {
            if (renewals.get(0) instanceof Renewal.Renewed renewed) {
                return Optional.of(new LockGrant(
                        first.claim(), first.token(), first.tokens(), renewed.validFromNanos(), renewed.lease()));
            }
            throw new IllegalStateException("the lock was lost again before the work could start");
        });
    }

    private void failed(Throwable failure) {
        lastFailure = failure;
        if (withdrawn) {
            return;
        }
        long left = nanosLeft();
        if (left <= 0) {
            queue.failed(this, failure);
            return;
        }
        long jittered = (long) (pause * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        try {
            parts.threads().timer().schedule(() -> ask(false), Math.min(jittered, left), NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            queue.failed(this, failure);
        }
    }

    private long nanosLeft() {
        return claim.waitTime().toNanos() - parts.clock().now().nanosSince(since);
    }

    /** Makes sure that this claim never wins, or gives back what it won. */
    void withdraw() {
        withdrawn = true;
        parts.releases().release(claim, Duration.ZERO, Offer.NOTHING);
    }

    /** Whether the store would hold the lock for this caller as for the one that the claim was made for. */
    boolean fits(Terms terms) {
        return claim.leaseTime().equals(terms.leaseTime())
                && claim.minHold().equals(terms.request().minHoldTime());
    }

    String holder() {
        return claim.holder();
    }

    /** Why the last attempt failed; {@code null} when none did. */
    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }
}

package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases of this instance, from grant to release or loss. */
final class HeldLeases {

    private static final Logger log = LoggerFactory.getLogger(LockEngine.class);

    private final EngineParts parts;
    private final Watchdog watchdog;
    private final CutLeases cutLeases;
    private volatile boolean closing;

    HeldLeases(EngineParts parts) {
        this.parts = parts;
        this.watchdog = new Watchdog(parts);
        this.cutLeases = new CutLeases(parts.backend());
    }

    /** Before its holder is told; {@link #holderKnows} has to follow. */
    void begin(ActiveLease lease) {
        watchdog.watch(lease);
        if (!lease.isOpen()) {
            forget(lease); // lost before it was known here: the JVM stood still in between
        }
    }

    /** Another caller of this instance has what this one had. Before that is told; {@link #holderKnows} has to follow. */
    void handedOn(ActiveLease ended, ActiveLease heir) {
        watchdog.replace(ended, heir);
        if (!heir.isOpen()) {
            forget(heir);
        }
    }

    /** What the holder need not wait for. It may have ended the lease by now. */
    void holderKnows(ActiveLease lease) {
        watchdog.startTimers();
        cutLeases.sayOnce(lease.terms(), lease.granted());
    }

    /** A further handle has brought bounds of its own, which may be the next event. */
    void bounded(ActiveLease lease) {
        watchdog.lookAgain(lease);
    }

    /** The last handle was closed. */
    CompletableFuture<ReleaseOutcome> finish(ActiveLease lease, Offer offer) {
        boolean sitsOut =
                !closing && !keepsInStore() && !lease.minHoldLeft(now()).isZero() && lease.isHeld();
        if (sitsOut) {
            lease.linger();
            watchdog.lookAgain(lease); // which looks again when the minHoldTime is over
            return CompletableFuture.completedFuture(ReleaseOutcome.DEFERRED);
        }
        return release(lease, offer);
    }

    /** Told on the thread that released it, or on one of ours: never on a store's. */
    void tellReleased(ActiveLease lease, LeaseInfo info, ReleaseOutcome outcome) {
        Duration held = lease.heldFor(now());
        parts.listeners().tell(listener -> listener.released(info, held, outcome));
    }

    boolean isHeard() {
        return !parts.listeners().isEmpty();
    }

    void later(Runnable event) {
        try {
            parts.threads().events().execute(event);
        } catch (RejectedExecutionException shutDown) {
            event.run();
        }
    }

    /** Nothing is sat out any more. */
    void close() {
        closing = true;
        all().stream().filter(ActiveLease::lingers).forEach(lease -> release(lease, Offer.NOTHING));
    }

    /**
     * Nothing is left to wait for: the next caller here gets it, or the store is told.
     *
     * @param offer of the calling thread
     */
    CompletableFuture<ReleaseOutcome> release(ActiveLease lease, Offer offer) {
        if (!lease.endForRelease()) {
            lease.over();
            return CompletableFuture.completedFuture(ReleaseOutcome.ALREADY_LOST);
        }
        if (lease.queue().handOn(lease)) {
            return CompletableFuture.completedFuture(ReleaseOutcome.RELEASED);
        }
        Duration keep = keep(lease);
        StoreClaim next = offer == Offer.SENDING_AND_READING ? lease.queue().successorOf(lease) : null;
        CompletableFuture<ReleaseOutcome> answer =
                next == null ? releaseAlone(lease, keep, offer) : releaseThenAcquire(lease, keep, next);
        forget(lease);
        lease.over();
        return answer.handle((outcome, failure) -> {
            if (failure != null) {
                log.warn(
                        "{} The lock is free when its lease of {} is over.",
                        parts.failures()
                                .failed(lease.terms().name(), "release", failure)
                                .getMessage(),
                        lease.granted());
                return ReleaseOutcome.UNKNOWN;
            }
            return outcome == ReleaseOutcome.RELEASED && !keep.isZero() ? ReleaseOutcome.DEFERRED : outcome;
        });
    }

    private CompletableFuture<ReleaseOutcome> releaseAlone(ActiveLease lease, Duration keep, Offer offer) {
        // The claim of those who wait here has to follow right behind the release, not behind its answer.
        CompletableFuture<ReleaseOutcome> answer =
                parts.releases().release(lease.claim(), keep, lease.queue().hasWaiters() ? Offer.NOTHING : offer);
        lease.queue().ended(lease);
        return answer;
    }

    private CompletableFuture<ReleaseOutcome> releaseThenAcquire(ActiveLease lease, Duration keep, StoreClaim next) {
        LockClaim ended = lease.claim();
        AtomicReference<@Nullable CompletableFuture<Boolean>> asked = new AtomicReference<>();
        next.ask(claim -> {
            Succession both = parts.backend().releaseThenAcquire(ended, keep, claim);
            asked.set(both.released());
            return both.acquired();
        });
        CompletableFuture<Boolean> released = asked.get();
        // Whoever waited may have left in between.
        return released == null
                ? parts.releases().release(ended, keep, Offer.NOTHING)
                : parts.releases().release(ended, keep, () -> released);
    }

    /** The lease has just been marked as lost. */
    void lost(ActiveLease lease, LossReason reason) {
        forget(lease);
        if (reason != LossReason.NOT_HELD) {
            // The store may still count it, or count a late renewal: others should not have to wait for that.
            parts.releases().release(lease.claim(), keepLost(lease), Offer.NOTHING);
        }
        lease.queue().ended(lease);
        if (!lease.hasHandles()) {
            lease.over(); // its holder was done with it: nobody lost anything
            return;
        }
        LeaseInfo info = lease.info();
        Duration late = lease.overSince(now());
        log.warn("Lock '{}' (fencing token {}) was lost: {}", info.name(), info.fencingToken(), reason);
        later(() -> {
            lease.loss().tell(reason);
            parts.listeners().tell(listener -> listener.lost(info, reason, late));
        });
    }

    void renewed(ActiveLease lease) {
        if (isHeard()) {
            LeaseInfo info = lease.info();
            later(() -> parts.listeners().tell(listener -> listener.renewed(info)));
        }
    }

    void renewalFailed(ActiveLease lease, Throwable failure) {
        if (isHeard()) {
            LeaseInfo info = lease.info();
            later(() -> parts.listeners().tell(listener -> listener.renewalFailed(info, failure)));
        }
    }

    void warnForgotten(ActiveLease lease, String acquiredBy) {
        log.warn(
                "Lock '{}' has been held for {}, ten times its leaseTime. If its lease was forgotten: close it; if that is"
                        + " meant, give it a maxHoldTime. It was acquired{}",
                lease.terms().name(),
                lease.heldFor(now()),
                acquiredBy);
    }

    private void forget(ActiveLease lease) {
        watchdog.forget(lease);
        if (watchdog.isIdle()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Waits until no lease is open. */
    synchronized void awaitNone(Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (!watchdog.isIdle() && left > 0) {
            NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
    }

    private boolean keepsInStore() {
        return parts.backend().capabilities().keep();
    }

    private Duration keep(ActiveLease lease) {
        return keepsInStore() ? lease.minHoldLeft(now()) : Duration.ZERO;
    }

    /** The work under it may go on for a while: a lost lease is no clean release. */
    private Duration keepLost(ActiveLease lease) {
        Duration delay = lease.hasHandles() ? lease.terms().lockDelay() : Duration.ZERO;
        Duration keep = keep(lease);
        return keep.compareTo(delay) < 0 ? delay : keep;
    }

    boolean stoodStill(Moment now) {
        return watchdog.stoodStill(now);
    }

    Moment now() {
        return parts.clock().now();
    }

    List<ActiveLease> all() {
        return watchdog.all();
    }

    int watched() {
        return watchdog.size();
    }
}

package io.distributedlock.engine;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockInfo;
import io.distributedlock.LockLostException;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One caller's turn at a grant of the store, with as many handles as that caller has taken. */
final class ActiveLease extends Watched<ActiveLease> {

    /** An event that fails must not come back in a busy loop. */
    private static final long SOONEST_NANOS = 1_000_000;

    private final Terms terms;
    private final Tenure tenure;
    private final LocalQueue queue;
    private final HeldLeases leases;

    private @Nullable Loss loss;

    private final LeaseState state;

    /** A grant is made for a caller: its first handle counts from the start. */
    private int openHandles = 1;

    private boolean warned;
    private boolean toldReleased;
    private boolean over;

    /** Whom it was handed on to; renewals under way are about that one. Written once, under the monitor. */
    private volatile @Nullable ActiveLease heir;

    private boolean deniedByStore;

    /** Its holder has ended it, and its minHoldTime is sat out here. */
    private boolean lingers;

    ActiveLease(Terms terms, Tenure tenure, LeaseState state, LocalQueue queue, HeldLeases leases) {
        this.terms = terms;
        this.tenure = tenure;
        this.state = state;
        this.queue = queue;
        this.leases = leases;
        state.bound(terms.request().minHoldTime(), terms.maxHoldTime());
    }

    // --- handles

    /**
     * A further handle for the holder. A default maxHoldTime says nothing here: the outer handle has decided.
     *
     * @return false if the last handle has just been closed, on another thread: the lock has to be claimed anew
     * @throws LockLostException if the lease was lost
     */
    boolean reenter(Terms wanted) {
        synchronized (this) {
            if (openHandles == 0 || state.phase() == LeaseState.Phase.RELEASED) {
                return false;
            }
            openHandles++;
            state.bound(wanted.request().minHoldTime(), wanted.request().maxHoldTime());
        }
        if (expireIfDue()) {
            closeHandle();
            throw lostException();
        }
        leases.bounded(this);
        return true;
    }

    /** @return what becomes of the release; an outer handle defers it */
    CompletableFuture<ReleaseOutcome> closeHandle() {
        return closeHandle(Offer.NOTHING);
    }

    /**
     * As {@link #closeHandle()}.
     *
     * @param offer of the calling thread
     */
    CompletableFuture<ReleaseOutcome> closeHandle(Offer offer) {
        synchronized (this) {
            if (--openHandles > 0) {
                return CompletableFuture.completedFuture(
                        state.isOpen() ? ReleaseOutcome.DEFERRED : ReleaseOutcome.ALREADY_LOST);
            }
        }
        return leases.finish(this, offer);
    }

    /** Once, when the last handle is closed. */
    void tellReleased(ReleaseOutcome outcome) {
        if (!leases.isHeard()) {
            return;
        }
        synchronized (this) {
            if (openHandles > 0 || toldReleased) {
                return;
            }
            toldReleased = true;
        }
        leases.tellReleased(this, info(), outcome);
    }

    void tellReleasedLater(CompletableFuture<ReleaseOutcome> answer) {
        if (leases.isHeard()) {
            answer.thenAccept(outcome -> leases.later(() -> tellReleased(outcome)));
        }
    }

    /** On a thread that may run a user's code. */
    void later(Runnable work) {
        leases.later(work);
    }

    synchronized boolean hasHandles() {
        return openHandles > 0;
    }

    // --- what time does to it

    boolean isHeld() {
        return !expireIfDue();
    }

    /** As {@link #isHeld()}, but a lease whose time is over stays for others to end: safe under any monitor. */
    boolean looksHeld() {
        Moment now = leases.now();
        synchronized (this) {
            return state.isHeld(now);
        }
    }

    /** @return whether the lease is over */
    boolean expireIfDue() {
        return expireIfDue(leases.now());
    }

    boolean expireIfDue(Moment now) {
        LossReason reason;
        synchronized (this) {
            if (!state.isOpen()) {
                return true;
            }
            if (state.isHeld(now)) {
                return false;
            }
            reason = state.isPastMaxHold(now) ? LossReason.MAX_HOLD_TIME : LossReason.EXPIRED;
        }
        lose(reason == LossReason.EXPIRED && leases.stoodStill(now) ? LossReason.PAUSED : reason);
        return true;
    }

    /** As {@link #looksHeld()}, but true also for one that was ended a moment ago and is about to be handed on or given back. */
    boolean isInTime(Moment now) {
        synchronized (this) {
            return !state.isOpen() || state.isHeld(now);
        }
    }

    // --- from one holder to the next

    /** The next holder, and what it has. */
    record HandOff(Waiter winner, ActiveLease heir) {}

    /**
     * Of a lease that its holder has ended: another caller of this instance may have the grant, in a lease of its own with
     * a greater token. This one stays ended. In one step with the look whether it may: the store may deny the grant at any
     * moment, and who is told has to know the heir.
     *
     * @param next takes the next caller out of its queue; {@code null} = nobody waits
     * @return {@code null} when the grant has to go back to the store
     */
    synchronized @Nullable HandOff handOn(EngineSettings settings, Moment now, Supplier<@Nullable Waiter> next) {
        if (deniedByStore || !state.isWorthHandingOn(now) || !tenure.mayBeHandedOn(settings, now)) {
            return null;
        }
        Waiter winner = next.get();
        if (winner == null) {
            return null;
        }
        Terms terms = winner.terms();
        LeaseState rest = state.handedOn(terms.leaseTime(), now);
        heir = new ActiveLease(terms, tenure.handedOn(), rest, queue, leases);
        return new HandOff(winner, heir);
    }

    /** Who has the grant now. */
    ActiveLease latest() {
        ActiveLease latest = this;
        ActiveLease next = heir;
        while (next != null) {
            latest = next;
            next = latest.heir;
        }
        return latest;
    }

    /** For how long the grant may still be handed on; zero or less when not any more. */
    long nanosToHandOn(EngineSettings settings, Moment now) {
        return tenure.nanosLeft(settings, now);
    }

    /** Released, but it stays taken until its minHoldTime is over. */
    synchronized void linger() {
        lingers = true;
    }

    synchronized boolean lingers() {
        return lingers;
    }

    /** @return whether this was a released lease whose minHoldTime had to be sat out here, and now is over */
    boolean endLingering(Moment now) {
        synchronized (this) {
            // Without open handles alone it may be one that its holder is ending at this moment.
            if (!lingers || state.minHoldLeft(now) > 0) {
                return false;
            }
        }
        leases.release(this, Offer.NOTHING);
        return true;
    }

    /** Said once, with the caller's stack: nothing else would ever tell who forgot to close it. */
    private void warnIfForgotten(Moment now) {
        synchronized (this) {
            if (!isForgotten(now)) {
                return;
            }
            warned = true;
        }
        leases.warnForgotten(this, Objects.requireNonNull(terms.acquiredBy()));
    }

    private synchronized boolean isForgotten(Moment now) {
        return terms.acquiredBy() != null
                && !warned
                && openHandles > 0
                && state.nanosHeld(now) >= 10 * terms.leaseTime().toNanos();
    }

    void lose(LossReason reason) {
        ActiveLease next;
        synchronized (this) {
            next = heir;
            deniedByStore |= reason == LossReason.NOT_HELD;
            if (next == null && !state.lose(reason)) {
                return;
            }
        }
        if (next == null) {
            leases.lost(this, reason);
        } else if (reason == LossReason.NOT_HELD) {
            next.lose(reason);
        }
    }

    /** @return whether this call ended a lease that was still held */
    boolean endForRelease() {
        expireIfDue();
        synchronized (this) {
            return state.release();
        }
    }

    // --- renewal

    /**
     * Does what is due.
     *
     * @return what has to be renewed now, and then counts as sent; {@code null} = nothing
     */
    @Nullable
    LockGrant attend(Moment now) {
        synchronized (this) {
            if (state.isHeld(now) && !lingers && !isForgotten(now)) {
                return startRenewalIfDue(now); // as nearly always
            }
        }
        if (expireIfDue(now) || endLingering(now)) {
            return null;
        }
        warnIfForgotten(now);
        return startRenewalIfDue(now);
    }

    private synchronized @Nullable LockGrant startRenewalIfDue(Moment now) {
        if (!state.isOpen() || state.nanosUntilRenewal(now) > state.renewalSlackNanos()) {
            return null;
        }
        state.renewalSent(now);
        return grant();
    }

    /**
     * Puts it where it is found when somebody has to look at it again, or leaves it where it is found earlier: that does no
     * harm. Whoever ended it looks after it until it is forgotten.
     */
    synchronized void putInto(Batches<ActiveLease> schedule, Moment now) {
        if (!state.isOpen()) {
            schedule.putEarlier(this, now.nanos() + Batches.NEVER_NANOS, 0);
            return;
        }
        long renewal = state.nanosUntilRenewal(now);
        long lingering = lingers ? state.minHoldLeft(now) : Long.MAX_VALUE;
        long other = Math.min(state.nanosLeft(now), lingering);
        // Only a renewal is of use before its time, which moves a little when the one before is answered.
        long slack = renewal <= other ? state.renewalSlackNanos() / 4 * 3 : 0;
        schedule.putEarlier(this, now.nanos() + Math.max(SOONEST_NANOS, Math.min(renewal, other)), slack);
    }

    void renewalFailed(Throwable failure, Moment now) {
        synchronized (this) {
            if (!state.isOpen()) {
                return;
            }
            state.renewalFailed(now, ThreadLocalRandom.current().nextDouble());
        }
        leases.renewalFailed(this, failure);
    }

    void renewalAnswered(Renewal renewal, Moment asked, Moment now) {
        if (renewal instanceof Renewal.Renewed renewed) {
            boolean prolonged;
            synchronized (this) {
                prolonged =
                        state.renewed(asked.at(renewed.validFromNanos()), renewed.lease(), now.nanosSince(asked), now);
            }
            if (prolonged) {
                leases.renewed(this);
            } else {
                expireIfDue();
            }
        } else if (renewal instanceof Renewal.Unknown unknown) {
            renewalFailed(unknown.cause(), now);
        } else {
            lose(LossReason.NOT_HELD);
        }
    }

    // --- what it is

    synchronized boolean isOpen() {
        return state.isOpen();
    }

    synchronized Duration minHoldLeft(Moment now) {
        return Duration.ofNanos(Math.max(0, state.minHoldLeft(now)));
    }

    synchronized Duration heldFor(Moment now) {
        return Duration.ofNanos(Math.max(0, state.nanosHeld(now)));
    }

    Duration remaining() {
        if (expireIfDue()) {
            return Duration.ZERO;
        }
        Moment now = leases.now();
        synchronized (this) {
            return Duration.ofNanos(Math.max(0, state.nanosLeft(now)));
        }
    }

    /** For how long its time has been over; zero when it is not. */
    synchronized Duration overSince(Moment now) {
        return Duration.ofNanos(Math.max(0, -state.nanosLeft(now)));
    }

    LockLostException lostException() {
        LossReason reason;
        synchronized (this) {
            reason = state.lossReason();
        }
        return Failures.lost(terms.name(), token(), Objects.requireNonNullElse(reason, LossReason.EXPIRED));
    }

    LeaseInfo info() {
        return new LeaseInfo(
                terms.name(),
                terms.request().template(),
                holder(),
                token(),
                terms.request().mode(),
                state.since(),
                remainingNow(),
                terms.info().thread(),
                isSuspect());
    }

    LockInfo.Holder asHolder() {
        return new LockInfo.Holder(holder(), token(), terms.request().mode(), state.since(), terms.info());
    }

    private synchronized boolean isSuspect() {
        return state.phase() == LeaseState.Phase.SUSPECT;
    }

    private Duration remainingNow() {
        Moment now = leases.now();
        synchronized (this) {
            return state.isOpen() ? Duration.ofNanos(Math.max(0, state.nanosLeft(now))) : Duration.ZERO;
        }
    }

    String holder() {
        return tenure.holder();
    }

    /** As the store knows it. Put together when it is needed: until then, nothing has to be kept of it. */
    LockClaim claim() {
        return terms.claim(holder(), terms.waitTime(), tenure.tokens());
    }

    /** As the store knows it, with the store's token: the first of the range. */
    synchronized LockGrant grant() {
        return new LockGrant(claim(), tenure.firstToken(), tenure.tokens(), state.validFromNanos(), state.lease());
    }

    /** What the store gave, which may be less than was asked for. */
    synchronized Duration granted() {
        return state.lease();
    }

    /** Of this holder. */
    long token() {
        return tenure.token();
    }

    LocalQueue queue() {
        return queue;
    }

    Terms terms() {
        return terms;
    }

    /** The same for all handles. */
    synchronized Loss loss() {
        if (loss == null) {
            loss = new Loss();
        }
        return loss;
    }

    /** The last handle is closed and nothing is left to do for it here. */
    void over() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        queue.isDoneWithOne();
    }
}

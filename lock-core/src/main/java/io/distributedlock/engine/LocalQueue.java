package io.distributedlock.engine;

import io.distributedlock.LockException;
import io.distributedlock.LockInfo;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this instance that want one lock, in the order of their calls. The queue, not the caller, has a claim at
 * the store: one at a time, made for its head, with the longest wait time left. Its grant goes to the first caller that
 * still waits, and from that one to the next without a request, as long as its {@link Tenure} allows; it is withdrawn when
 * the last one leaves; when it ends empty while callers wait, a new one follows.
 *
 * <p>While a grant may still be handed on here, no further claim is made: the callers here need none. After that they take
 * their place in the store's queue, also if the holder here works on for long.
 */
final class LocalQueue {

    private final String name;
    private final EngineParts parts;
    private final LocalQueues registry;

    /** Callers who wait here or hold a lease from here; guarded by the registry. */
    int users;

    private Waiters waiters = Waiters.NOBODY;
    private @Nullable HolderProbe probe;
    private @Nullable StoreClaim claim;

    /** What this instance has, until it went back to the store or was lost. */
    private @Nullable ActiveLease held;

    private boolean willLook;

    /** @param registry knows what all queues share, and hears of each user that has gone */
    LocalQueue(String name, EngineParts parts, LocalQueues registry) {
        this.name = name;
        this.parts = parts;
        this.registry = registry;
    }

    String name() {
        return name;
    }

    /** A caller was refused, or its lease is over. */
    void isDoneWithOne() {
        registry.leave(this);
    }

    void enter(Waiter waiter, boolean inPlace) {
        waiter.entered(this);
        String holder = null;
        StoreClaim toAsk = null;
        boolean alone = false;
        synchronized (this) {
            if (!waiter.waits() && (isHeldHere() || claim != null || !waiters.isEmpty())) {
                holder = holderHere();
            } else {
                waiters = waiters.and(waiter);
                toAsk = claimIfNeeded();
                alone = waiters.size() == 1;
            }
        }
        if (holder != null) {
            refuse(waiter, holder);
            return;
        }
        if (toAsk != null) {
            // With others here it is a claim for them as well, who may wait longer than this caller.
            toAsk.ask(inPlace && alone);
        }
        registry.waitLimit().start(waiter, this);
    }

    /** For a waiter that its caller has settled: interrupt, cancel, time-out. */
    void leave(Waiter waiter) {
        StoreClaim orphan = null;
        StoreClaim next = null;
        synchronized (this) {
            waiters.remove(waiter);
            if (waiters.isEmpty() || (claim != null && !claim.fits(waiters.firstTerms()))) {
                orphan = claim;
                claim = null;
                next = claimIfNeeded();
            }
        }
        if (orphan != null) {
            orphan.withdraw();
        }
        if (next != null) {
            next.ask(false);
        }
    }

    /** Sends everybody away: this instance shuts down. */
    void close() {
        List<Waiter> all;
        synchronized (this) {
            all = waiters.toList();
        }
        for (Waiter waiter : all) {
            if (waiter.settle()) {
                leave(waiter);
                waiter.fail(parts.failures().shuttingDown(name));
            }
        }
    }

    synchronized int waiting() {
        return waiters.size();
    }

    synchronized boolean hasWaiters() {
        return !waiters.isEmpty();
    }

    void granted(StoreClaim answered, LockGrant grant, Moment asked) {
        Moment now = parts.clock().now();
        LeaseState state = new LeaseState(asked.at(grant.validFromNanos()), grant.lease());
        if (!state.isHeld(now)) {
            over(answered, new TimeoutException("the store's answer came when the lease was over already"));
            return;
        }
        Waiter winner = null;
        ActiveLease lease = null;
        synchronized (this) {
            if (claim == answered) {
                claim = null;
                winner = waiters.settleFirst(anybody -> true);
                if (winner != null) {
                    lease = new ActiveLease(winner.terms(), Tenure.of(grant, now), state, this, registry.leases());
                    held = lease;
                }
            }
        }
        if (lease == null || winner == null) {
            answered.withdraw();
        } else {
            registry.leases().begin(lease);
            winner.grant(lease);
            registry.leases().holderKnows(lease);
        }
        claimForTheRest();
    }

    /**
     * A lease was ended by its holder; the store does not know yet.
     *
     * @return whether the next caller here has the grant now; otherwise it goes back to the store
     */
    boolean handOn(ActiveLease ended) {
        Moment now = parts.clock().now();
        ActiveLease.HandOff handOff;
        synchronized (this) {
            // With a claim at the store, this instance has a place in the order there.
            if (held != ended || claim != null) {
                return false;
            }
            handOff = ended.handOn(parts.settings(), now, this::nextForHandOff);
            if (handOff == null) {
                return false;
            }
            held = handOff.heir();
        }
        registry.leases().handedOn(ended, handOff.heir());
        handOff.winner().grant(handOff.heir());
        registry.leases().holderKnows(handOff.heir());
        ended.over();
        return true;
    }

    /** A minHoldTime has to stand in the store before the work starts: that takes a grant of its own. */
    private @Nullable Waiter nextForHandOff() {
        return waiters.settleFirst(terms -> terms.request().minHoldTime().isZero());
    }

    /**
     * The claim that is to follow right behind the release of this lease, for those who wait here.
     *
     * @return {@code null} when nobody does, or another claim is under way: then the lease still has to be {@link #ended}
     */
    synchronized @Nullable StoreClaim successorOf(ActiveLease lease) {
        if (held != lease || waiters.isEmpty() || claim != null) {
            return null;
        }
        held = null;
        return claimIfNeeded();
    }

    /** The lease is on its way back to the store, or was lost. */
    void ended(ActiveLease lease) {
        synchronized (this) {
            if (held != lease) {
                return;
            }
            held = null;
        }
        claimForTheRest();
    }

    /** The wait time of the claim is over, or it was withdrawn. */
    void ended(StoreClaim answered) {
        over(answered, null);
    }

    /** The claim's last attempt failed and its time is over. */
    void failed(StoreClaim answered, Throwable failure) {
        over(answered, failure);
    }

    private void over(StoreClaim answered, @Nullable Throwable failure) {
        List<Waiter> finished = List.of();
        StoreClaim next = null;
        synchronized (this) {
            if (claim == answered) {
                claim = null;
                finished = waiters.settleOver(parts.clock().nanos());
                next = claimIfNeeded();
            }
        }
        if (failure != null) {
            answered.withdraw();
        }
        for (Waiter waiter : finished) {
            if (failure == null) {
                refuse(waiter, probe().holder(waiter.since()));
            } else {
                waiter.fail(parts.failures().failed(name, "acquire", failure));
            }
        }
        if (next != null) {
            next.ask(false);
        }
    }

    /** For those who still wait, unless another thread has seen to them. */
    private void claimForTheRest() {
        StoreClaim next;
        synchronized (this) {
            next = claimIfNeeded();
        }
        if (next != null) {
            next.ask(false);
        }
    }

    private @Nullable StoreClaim claimIfNeeded() {
        if (waiters.isEmpty()) {
            waiters = Waiters.NOBODY;
            return null;
        }
        if (claim != null) {
            return null;
        }
        Moment now = parts.clock().now();
        long served = held != null && held.isInTime(now) ? held.nanosToHandOn(parts.settings(), now) : 0;
        if (served > 0) {
            lookAfter(served);
            return null;
        }
        Duration longestWait = Duration.ofNanos(Math.max(0, waiters.lastEnd() - now.nanos()));
        claim = new StoreClaim(waiters.firstTerms().newClaim(longestWait, tokens()), this, parts);
        return claim;
    }

    private int tokens() {
        return parts.backend().capabilities().tokenRanges() ? parts.settings().localHandOffs() + 1 : 1;
    }

    private void lookAfter(long nanos) {
        if (!willLook) {
            try {
                parts.alarms().set(nanos, this::look);
                willLook = true;
            } catch (RejectedExecutionException shutDown) {
                // Whoever still waits is sent away.
            }
        }
    }

    private void look() {
        synchronized (this) {
            willLook = false;
        }
        claimForTheRest();
    }

    private boolean isHeldHere() {
        return held != null && held.looksHeld();
    }

    private String holderHere() {
        LockInfo here = heldHere();
        return here == null ? "other callers of this instance wait for it" : Failures.heldBy(here);
    }

    private void refuse(Waiter waiter, String holder) {
        Terms terms = waiter.terms();
        LockException refusal =
                parts.failures().notAcquired(name, waiter.waited(parts.clock().nanos()), terms.askedWaitTime(), holder);
        waiter.settle();
        waiter.fail(refusal);
    }

    synchronized HolderProbe probe() {
        if (probe == null) {
            probe = new HolderProbe(name, parts);
        }
        return probe;
    }

    /** Why nothing could be granted so far, if this instance knows. */
    synchronized @Nullable Throwable lastFailure() {
        return claim == null ? null : claim.lastFailure();
    }

    /** The holder for which the store is asked; {@code null} when it is not. */
    synchronized @Nullable String claimant() {
        return claim == null ? null : claim.holder();
    }

    /** Who of this instance has the lock; {@code null} = nobody here. */
    synchronized @Nullable LockInfo heldHere() {
        return held != null && isHeldHere() ? new LockInfo(name, List.of(held.asHolder()), waiters.size()) : null;
    }
}

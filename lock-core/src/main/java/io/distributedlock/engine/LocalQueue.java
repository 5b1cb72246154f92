package io.distributedlock.engine;

import io.distributedlock.LockException;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this instance that want one lock, in the order of their calls. The queue, not the caller, has a claim at
 * the store: one at a time, made for its head, with the longest wait time left. Its grant goes to the first caller that
 * still waits; it is withdrawn when the last one leaves; when it ends empty while callers wait, a new one follows.
 */
final class LocalQueue {

    private final String name;
    private final EngineParts parts;
    private final HeldLeases leases;
    private final HolderProbe probe;
    private final WaitLimit waitLimit;

    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private @Nullable StoreClaim claim;

    /** The last one granted here; it may be over. */
    private @Nullable ActiveLease held;

    LocalQueue(String name, EngineParts parts, HeldLeases leases) {
        this.name = name;
        this.parts = parts;
        this.leases = leases;
        this.probe = new HolderProbe(name, parts);
        this.waitLimit = new WaitLimit(name, parts, this, probe);
    }

    void enter(Waiter waiter) {
        waiter.whenGivenUp(this::leave);
        String holder = null;
        StoreClaim toAsk = null;
        synchronized (this) {
            if (!waiter.waits() && (claim != null || isHeldHere())) {
                holder = holderHere();
            } else {
                waiters.add(waiter);
                toAsk = claim == null ? newClaim() : null;
            }
        }
        if (holder != null) {
            refuse(waiter, holder);
            return;
        }
        if (toAsk != null) {
            toAsk.ask();
        }
        waitLimit.start(waiter);
    }

    /** For a waiter that its caller has settled: interrupt, cancel, time-out. */
    void leave(Waiter waiter) {
        StoreClaim orphan = null;
        StoreClaim next = null;
        synchronized (this) {
            waiters.remove(waiter);
            if (waiters.isEmpty() || (claim != null && !claim.fits(head()))) {
                orphan = claim;
                claim = null;
                next = waiters.isEmpty() ? null : newClaim();
            }
        }
        if (orphan != null) {
            orphan.withdraw();
        }
        if (next != null) {
            next.ask();
        }
    }

    /** Sends everybody away: this instance shuts down. */
    void close() {
        List<Waiter> all;
        synchronized (this) {
            all = List.copyOf(waiters);
        }
        for (Waiter waiter : all) {
            if (waiter.settle()) {
                leave(waiter);
                waiter.result().completeExceptionally(parts.failures().shuttingDown(name));
            }
        }
    }

    synchronized int waiting() {
        return waiters.size();
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
        StoreClaim next = null;
        synchronized (this) {
            if (claim == answered) {
                claim = null;
                winner = firstStillWaiting();
                if (winner != null) {
                    lease = new ActiveLease(winner.terms(), grant, state, leases);
                    held = lease;
                }
                next = waiters.isEmpty() ? null : newClaim();
            }
        }
        if (lease == null || winner == null) {
            answered.withdraw();
        } else {
            leases.begin(lease);
            winner.result().complete(lease);
        }
        if (next != null) {
            next.ask();
        }
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
        List<Waiter> finished = new ArrayList<>();
        StoreClaim next = null;
        synchronized (this) {
            if (claim == answered) {
                claim = null;
                long now = parts.clock().nanos();
                for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                    Waiter waiter = all.next();
                    if (!waiter.waits() || waiter.nanosLeft(now) <= 0) {
                        all.remove();
                        if (waiter.settle()) {
                            finished.add(waiter);
                        }
                    }
                }
                next = waiters.isEmpty() ? null : newClaim();
            }
        }
        if (failure != null) {
            answered.withdraw();
        }
        for (Waiter waiter : finished) {
            if (failure == null) {
                refuse(waiter, probe.holder(waiter.since()));
            } else {
                waiter.result().completeExceptionally(parts.failures().failed(name, "acquire", failure));
            }
        }
        if (next != null) {
            next.ask();
        }
    }

    private Terms head() {
        return waiters.iterator().next().terms();
    }

    private StoreClaim newClaim() {
        long now = parts.clock().nanos();
        long longest = 0;
        for (Waiter waiter : waiters) {
            longest = Math.max(longest, waiter.waits() ? waiter.nanosLeft(now) : 0);
        }
        StoreClaim next = new StoreClaim(head().newClaim(Duration.ofNanos(longest)), this, parts);
        claim = next;
        return next;
    }

    private @Nullable Waiter firstStillWaiting() {
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            all.remove();
            if (waiter.settle()) {
                return waiter;
            }
        }
        return null;
    }

    private boolean isHeldHere() {
        return held != null && held.looksHeld();
    }

    private String holderHere() {
        return held != null && isHeldHere() ? held.describe() : "other callers of this instance wait for it";
    }

    private void refuse(Waiter waiter, String holder) {
        Terms terms = waiter.terms();
        LockException refusal =
                parts.failures().notAcquired(name, waiter.waited(parts.clock().nanos()), terms.askedWaitTime(), holder);
        waiter.settle();
        waiter.result().completeExceptionally(refusal);
    }

    /** Why nothing could be granted so far, if this instance knows. */
    synchronized @Nullable Throwable lastFailure() {
        return claim == null ? null : claim.lastFailure();
    }

    /** Who of this instance has the lock, in words; {@code null} = nobody here. */
    synchronized @Nullable String heldHere() {
        return isHeldHere() ? holderHere() : null;
    }
}

package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.Lease;
import io.distributedlock.LockMode;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a caller holds: one of possibly several handles on a lease. */
final class LeaseHandle implements Lease {

    /** How long a release keeps its caller when the store does not answer. */
    private static final Duration LONGEST_RELEASE = Duration.ofSeconds(2);

    private final ActiveLease lease;
    private final @Nullable Calls owner;
    private final @Nullable CallContext context;
    private final boolean blocks;
    private volatile boolean deferred;
    private volatile boolean closed;
    private volatile ReleaseOutcome outcome = ReleaseOutcome.DEFERRED;
    private volatile boolean grouped;

    /** The next one out of the same name; guarded by the context. */
    @Nullable
    LeaseHandle outer;

    private LeaseHandle(ActiveLease lease, @Nullable Calls owner, @Nullable CallContext context, boolean blocks) {
        this.lease = lease;
        this.owner = owner;
        this.context = context;
        this.blocks = blocks;
    }

    /** Belongs to the call that the calling thread works for, in whose context it stands while it is open. */
    static LeaseHandle ofThread(ActiveLease lease, Calls owner) {
        CallContext context = CallContext.ofThreadOrNew();
        LeaseHandle handle = new LeaseHandle(lease, owner, context, true);
        context.push(handle);
        return handle;
    }

    /** Belongs to a call of no thread, which keeps it, and never blocks one. */
    static LeaseHandle ofCall(ActiveLease lease, Calls owner) {
        return new LeaseHandle(lease, owner, null, false);
    }

    /** Is current for nobody, and never blocks a thread. */
    static LeaseHandle ofNoCall(ActiveLease lease) {
        return new LeaseHandle(lease, null, null, false);
    }

    @Override
    public String name() {
        return lease.terms().name();
    }

    @Override
    public String holder() {
        return lease.holder();
    }

    @Override
    public long fencingToken() {
        return lease.token();
    }

    @Override
    public LockMode mode() {
        return lease.terms().request().mode();
    }

    @Override
    public boolean isHeld() {
        return !closed && lease.isHeld();
    }

    @Override
    public Duration remaining() {
        return closed ? Duration.ZERO : lease.remaining();
    }

    @Override
    public void ensureHeld() {
        if (closed) {
            throw new IllegalStateException("This lease of lock '" + name() + "' was closed; acquire the lock again");
        }
        if (!lease.isHeld()) {
            throw lease.lostException();
        }
    }

    @Override
    public CompletionStage<LossReason> lost() {
        return lease.loss().heard();
    }

    @Override
    public ReleaseOutcome release() {
        if (!startClosing()) {
            return outcome;
        }
        long until = System.nanoTime() + LONGEST_RELEASE.toNanos();
        boolean awaitsRelease = blocks && awaitsReleases();
        CompletableFuture<ReleaseOutcome> answer = lease.closeHandle(offer(awaitsRelease));
        if (awaitsRelease) {
            outcome = await(answer, until);
            lease.tellReleased(outcome);
        } else {
            outcome = answer.getNow(ReleaseOutcome.DEFERRED);
            lease.tellReleasedLater(answer);
        }
        return outcome;
    }

    @Override
    public CompletionStage<ReleaseOutcome> releaseAsync() {
        if (!startClosing()) {
            return CompletableFuture.completedFuture(outcome);
        }
        CompletableFuture<ReleaseOutcome> answer = lease.closeHandle();
        lease.tellReleasedLater(answer);
        if (answer.isDone() || !awaitsReleases()) {
            outcome = answer.getNow(ReleaseOutcome.DEFERRED);
            return CompletableFuture.completedFuture(outcome);
        }
        return answer.copy()
                .completeOnTimeout(ReleaseOutcome.UNKNOWN, LONGEST_RELEASE.toNanos(), NANOSECONDS)
                .thenApplyAsync(
                        known -> {
                            outcome = known;
                            return known;
                        },
                        lease::later);
    }

    private Offer offer(boolean awaitsRelease) {
        if (awaitsRelease) {
            return Offer.SENDING_AND_READING;
        }
        return blocks ? Offer.SENDING : Offer.NOTHING;
    }

    private boolean awaitsReleases() {
        return owner == null || owner.awaitsReleases();
    }

    /** @return whether this call is the one to give the lock back */
    private boolean startClosing() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        if (context != null) {
            context.remove(this); // first, so that nobody re-enters by a handle that is being closed
        }
        return true;
    }

    /** An interrupt must not cost the answer: it is kept for the caller. */
    private static ReleaseOutcome await(CompletableFuture<ReleaseOutcome> answer, long until) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(until - System.nanoTime(), NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException | ExecutionException notKnownYet) {
            return ReleaseOutcome.UNKNOWN;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (closed || deferred) {
            return;
        }
        if (blocks && owner != null && owner.leavesToTransaction(this)) {
            deferred = true;
        } else {
            release();
        }
    }

    /** Neither closed nor left to be closed by a transaction. */
    boolean isOpen() {
        return !closed && !deferred;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isOf(Calls engine) {
        return owner == engine;
    }

    void markGrouped() {
        grouped = true;
    }

    boolean isGrouped() {
        return grouped;
    }

    ActiveLease lease() {
        return lease;
    }

    @Override
    public String toString() {
        return "Lease[" + name() + ", token " + fencingToken() + (isHeld() ? ", held]" : ", over]");
    }
}

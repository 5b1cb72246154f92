package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockRequest;
import io.distributedlock.aop.HeldLocks.Outcome;
import io.distributedlock.fencing.FenceWatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** What a lock that was lost while a method ran means for who has called it. */
final class Losses {

    private static final Logger log = LoggerFactory.getLogger(LockInterceptor.class);

    private final @Nullable SurroundingTransaction transaction;
    private final ObjectProvider<LockListener> listeners;

    Losses(@Nullable SurroundingTransaction transaction, ObjectProvider<LockListener> listeners) {
        this.transaction = transaction;
        this.listeners = listeners;
    }

    /**
     * Of a call whose work has been done.
     *
     * @param fences those that it had to enter by itself; {@code null} = none
     * @param inTransaction whether that can still be rolled back
     * @param committed whether its own transaction has committed, with its locks being held then
     * @return what to tell instead of its answer; {@code null} when nothing is wrong
     */
    @Nullable
    Throwable atEnd(
            LockedInvocation invocation,
            CallUnderLock under,
            @Nullable FenceWatch fences,
            boolean inTransaction,
            boolean committed) {
        try {
            if (fences != null) {
                WorkUnderLocks.checkFences(fences, invocation.locked());
            }
            return atEnd(invocation, under, inTransaction, committed);
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** As above, of one that has entered its fences, or had none to enter. */
    @Nullable
    LockLostException atEnd(
            LockedInvocation invocation, CallUnderLock under, boolean inTransaction, boolean committed) {
        LockLostException lost = under.ignoresLoss()
                ? null
                : HeldLocks.lossDuring(
                        under.leases(),
                        invocation.method(),
                        inTransaction ? Outcome.COMPLETED_IN_TRANSACTION : Outcome.COMPLETED);
        if (lost == null || inTransaction || !(committed && isBegunBy(invocation))) {
            return lost;
        }
        tellLostAfterCommit(invocation, lost);
        return null;
    }

    /** Of a call that has failed: its own exception wins. */
    static void suppress(LockedMethod locked, List<Lease> leases, Throwable thrown) {
        if (!locked.throwsOnLoss() || thrown instanceof LockLostException) {
            return;
        }
        LockLostException lost = HeldLocks.lossDuring(leases, locked.method(), Outcome.FAILED);
        if (lost != null) {
            thrown.addSuppressed(lost);
        }
    }

    /** Of a call that is broken off for it; {@code null} if nothing was lost that it has not given back itself. */
    static @Nullable LockLostException interrupted(LockedMethod locked, List<Lease> leases) {
        return HeldLocks.lossDuring(leases, locked.method(), Outcome.INTERRUPTED);
    }

    /** For a step of work that goes on for as long as its subscriber likes. */
    static void ensureHeld(CallUnderLock under) {
        LockLostException lost = interrupted(under.locked(), under.leases());
        if (lost != null) {
            throw lost;
        }
    }

    private boolean isBegunBy(LockedInvocation invocation) {
        return transaction != null && transaction.isBegunBy(invocation.method(), invocation.targetClass());
    }

    /** An exception would say that something has to be undone. */
    private void tellLostAfterCommit(LockedInvocation invocation, LockLostException lost) {
        log.warn(
                "{} had committed its transaction when lock '{}' (fencing token {}) was lost: {}. What it did stands, and"
                        + " nobody else can have had the lock before.",
                InvalidLockException.describe(invocation.method()),
                lost.lockName(),
                lost.fencingToken(),
                lost.reason());
        for (LockRequest request : invocation.requests()) {
            if (request.name().equals(lost.lockName())) {
                tell(listener -> listener.lostAfterCommit(request, lost));
            }
        }
    }

    void tell(Consumer<LockListener> event) {
        listeners.orderedStream().forEach(listener -> {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                log.warn("A LockListener failed; the call is not affected: {}", listener, e);
            }
        });
    }
}

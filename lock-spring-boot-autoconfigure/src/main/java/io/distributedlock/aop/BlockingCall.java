package io.distributedlock.aop;

import io.distributedlock.LockLostException;
import io.distributedlock.LockNotAcquiredException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A method whose work is done when it returns, or for whose work its own thread waits: that thread waits for the locks, and has
 * them.
 */
record BlockingCall(LockedInvocation invocation, @Nullable SurroundingTransaction transaction, Losses losses) {

    private static final Logger log = LoggerFactory.getLogger(LockInterceptor.class);

    @Nullable
    Object run() throws Throwable {
        LockedMethod locked = invocation.locked();
        SurroundingTransaction around = transaction != null && transaction.isActive() ? transaction : null;
        boolean leavesIt = around != null && around.isLeftBy(locked.method(), invocation.targetClass());
        if (around != null && !leavesIt) {
            warnOnce(locked, around.isOwnOf(locked.method(), invocation.targetClass()));
        }
        HeldLocks held;
        try {
            held = HeldLocks.acquire(invocation.manager(), invocation.requests());
        } catch (LockNotAcquiredException e) {
            return locked.contended(invocation.call(), e);
        }
        CallUnderLock under = CallUnderLock.beginOnThread(locked, held.leases());
        try {
            Object answer = new WorkUnderLocks(invocation.call(), locked, held).run();
            LockLostException lost = losses.atEnd(invocation, under, around != null && !leavesIt, under.hasCommitted());
            if (lost != null) {
                throw lost;
            }
            checkDone(locked, answer);
            return answer;
        } finally {
            under.endOnThread();
            held.release(leavesIt ? null : transaction, under.ignoresLoss());
        }
    }

    /** A declaration as general as Object does not tell at the start. */
    private static void checkDone(LockedMethod locked, @Nullable Object answer) {
        if (answer != null && locked.answer() == AnswerType.VALUE && AsynchronousTypes.contain(answer.getClass())) {
            throw new IllegalStateException(
                    "@DistributedLock on %s: it returned a %s, whose work would run on after the lock was given back. %s."
                            .formatted(
                                    InvalidLockException.describe(locked.method()),
                                    answer.getClass().getName(),
                                    AsynchronousTypes.MEND));
        }
    }

    private static void warnOnce(LockedMethod locked, boolean ownTransaction) {
        if (!locked.isFirstCallInTransaction()) {
            return;
        }
        log.warn(
                ownTransaction
                        ? "{} begins its transaction before it has its lock: what that had read before it waited for the"
                                + " lock may be out of date, and the wait held its connection. Let the lock be outside:"
                                + " give transactions an order above lock.advisor-order."
                        : "{} was called inside a transaction: what that had read before it waited for the lock may be"
                                + " out of date, the wait held its connection, and the lock stays taken until it"
                                + " completes. Call the method outside of transactions, or let it run in its own"
                                + " (REQUIRES_NEW).",
                InvalidLockException.describe(locked.method()));
    }
}

package io.distributedlock.aop;

import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.aop.HeldLocks.Outcome;
import java.util.List;
import java.util.Objects;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;

/** Runs a method under its locks. */
public final class LockInterceptor implements MethodInterceptor {

    private static final Logger log = LoggerFactory.getLogger(LockInterceptor.class);

    private final LockedMethods methods;
    private final LockManagers managers;
    private final @Nullable SurroundingTransaction transaction;
    private final ObjectProvider<LockListener> listeners;

    /**
     * Made once per application.
     *
     * @param methods answers how a method is locked
     * @param managers take the locks
     * @param transaction tells about transactions; {@code null} when there are none in this application
     * @param listeners hear of calls that run without a lock because their condition says so
     */
    public LockInterceptor(
            LockedMethods methods,
            LockManagers managers,
            @Nullable SurroundingTransaction transaction,
            ObjectProvider<LockListener> listeners) {
        this.methods = methods;
        this.managers = managers;
        this.transaction = transaction;
        this.listeners = listeners;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Object bean = Objects.requireNonNull(call.getThis(), "a lock needs a bean behind its proxy");
        Object target = Interception.behindProxies(bean);
        Class<?> targetClass = AopUtils.getTargetClass(bean);
        LockedMethod locked = methods.of(call.getMethod(), targetClass);
        if (locked == null) {
            return call.proceed();
        }
        List<LockRequest> requests = locked.requests(target, call.getArguments(), this::tellBypassed);
        if (requests.isEmpty()) {
            return call.proceed();
        }
        SurroundingTransaction around = transaction != null && transaction.isActive() ? transaction : null;
        boolean leavesIt = around != null && around.isLeftBy(locked.method(), targetClass);
        if (around != null && !leavesIt) {
            warnOnce(locked, around.isOwnOf(locked.method(), targetClass));
        }
        HeldLocks held;
        try {
            held = HeldLocks.acquire(managers.get(locked.manager()), requests);
        } catch (LockNotAcquiredException e) {
            return locked.contended(call, e);
        }
        try {
            boolean inTransaction = around != null && !leavesIt;
            return proceed(call, locked, held, inTransaction ? Outcome.COMPLETED_IN_TRANSACTION : Outcome.COMPLETED);
        } finally {
            held.release(leavesIt ? null : transaction);
        }
    }

    private static @Nullable Object proceed(
            MethodInvocation call, LockedMethod locked, HeldLocks held, Outcome whenCompleted) throws Throwable {
        Object answer;
        try {
            answer = call.proceed();
        } catch (Throwable thrown) {
            LockLostException lost = locked.throwsOnLoss() ? held.lossDuring(locked.method(), Outcome.FAILED) : null;
            if (lost != null) {
                thrown.addSuppressed(lost);
            }
            throw thrown;
        }
        LockLostException lost = locked.throwsOnLoss() ? held.lossDuring(locked.method(), whenCompleted) : null;
        if (lost != null) {
            throw lost;
        }
        checkDone(locked, answer);
        return answer;
    }

    /** A declaration as general as Object does not tell at the start. */
    private static void checkDone(LockedMethod locked, @Nullable Object answer) {
        if (answer != null && AsynchronousTypes.contain(answer.getClass())) {
            throw new IllegalStateException(
                    "@DistributedLock on %s: it returned a %s, whose work would run on after the lock was given back. %s."
                            .formatted(
                                    InvalidLockException.describe(locked.method()),
                                    answer.getClass().getName(),
                                    AsynchronousTypes.MEND));
        }
    }

    private void tellBypassed(String template) {
        listeners.orderedStream().forEach(listener -> {
            try {
                listener.bypassed(template);
            } catch (RuntimeException e) {
                log.warn("A LockListener failed; the call is not affected: {}", listener, e);
            }
        });
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

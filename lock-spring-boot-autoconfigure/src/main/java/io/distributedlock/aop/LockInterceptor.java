package io.distributedlock.aop;

import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.aop.HeldLocks.Outcome;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;

/** Runs a method under its locks. */
public final class LockInterceptor implements MethodInterceptor {

    private static final Logger log = LoggerFactory.getLogger(LockInterceptor.class);

    private final LockedMethods methods;
    private final LockManagers managers;
    private final @Nullable SurroundingTransaction transaction;
    private final @Nullable CommitCheck commits;
    private final ObjectProvider<LockListener> listeners;

    /**
     * Made once per application.
     *
     * @param methods answers how a method is locked
     * @param managers take the locks
     * @param transaction tells about transactions; {@code null} when there are none in this application
     * @param commits checks leases when transactions commit; {@code null} when there are none in this application
     * @param listeners hear of calls that run without a lock because their condition says so
     */
    public LockInterceptor(
            LockedMethods methods,
            LockManagers managers,
            @Nullable SurroundingTransaction transaction,
            @Nullable CommitCheck commits,
            ObjectProvider<LockListener> listeners) {
        this.methods = methods;
        this.managers = managers;
        this.transaction = transaction;
        this.commits = commits;
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
        checkFence(call, locked);
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
        boolean ignoresLoss = !locked.throwsOnLoss();
        boolean joinsTransaction = around != null && !leavesIt;
        CallUnderLock tracked = commits == null ? null : commits.begin(locked, held.leases());
        try {
            Object answer = new WorkUnderLocks(call, locked, held).run();
            LockLostException lost = ignoresLoss ? null : held.lossDuring(locked.method(), completed(joinsTransaction));
            if (lost != null && (joinsTransaction || !hasCommitted(tracked, locked.method(), targetClass))) {
                throw lost;
            }
            if (lost != null) {
                tellLostAfterCommit(locked, requests, lost);
            }
            checkDone(locked, answer);
            return answer;
        } finally {
            if (commits != null && tracked != null) {
                commits.end(tracked);
            }
            held.release(leavesIt ? null : transaction, ignoresLoss);
        }
    }

    /** A bean that was proxied before its fence could be put there would run without. */
    private static void checkFence(MethodInvocation call, LockedMethod locked) {
        if (locked.isFencedInTransaction()
                && !(call instanceof ProxyMethodInvocation proxied
                        && proxied.getProxy() instanceof Advised advised
                        && Arrays.stream(advised.getAdvisors())
                                .anyMatch(advisor -> advisor.getAdvice() instanceof FenceInterceptor))) {
            throw new IllegalStateException(
                    "guarantee = CORRECTNESS on %s: the method was not run: no fence is entered for this bean, which was made before its proxy was complete. See that no BeanPostProcessor depends on it."
                            .formatted(InvalidLockException.describe(locked.method())));
        }
    }

    private static Outcome completed(boolean inTransaction) {
        return inTransaction ? Outcome.COMPLETED_IN_TRANSACTION : Outcome.COMPLETED;
    }

    /** Whether the work of a method was done with its transaction: its leases were held at that moment. */
    private boolean hasCommitted(@Nullable CallUnderLock tracked, Method method, Class<?> targetClass) {
        return tracked != null
                && tracked.hasCommitted()
                && transaction != null
                && transaction.isBegunBy(method, targetClass);
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
        tell(listener -> listener.bypassed(template));
    }

    /** An exception would say that something has to be undone. */
    private void tellLostAfterCommit(LockedMethod locked, List<LockRequest> requests, LockLostException lost) {
        log.warn(
                "{} had committed its transaction when lock '{}' (fencing token {}) was lost: {}. What it did stands, and"
                        + " nobody else can have had the lock before.",
                InvalidLockException.describe(locked.method()),
                lost.lockName(),
                lost.fencingToken(),
                lost.reason());
        requests.stream()
                .filter(request -> request.name().equals(lost.lockName()))
                .forEach(request -> tell(listener -> listener.lostAfterCommit(request, lost)));
    }

    private void tell(Consumer<LockListener> event) {
        listeners.orderedStream().forEach(listener -> {
            try {
                event.accept(listener);
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

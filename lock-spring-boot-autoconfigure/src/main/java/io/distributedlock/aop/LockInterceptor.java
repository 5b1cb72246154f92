package io.distributedlock.aop;

import io.distributedlock.LockListener;
import io.distributedlock.LockRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;

/** Runs a method under its locks, which it has until its work is done. */
public final class LockInterceptor implements MethodInterceptor {

    private final LockedMethods methods;
    private final LockManagers managers;
    private final @Nullable SurroundingTransaction transaction;
    private final Losses losses;
    private final Executor threads;
    private final UnaryOperator<Runnable> carrier;

    /**
     * Made once per application.
     *
     * @param methods answers how a method is locked
     * @param managers take the locks
     * @param transaction tells about transactions; {@code null} when there are none in this application
     * @param listeners hear of calls that run without a lock because their condition says so
     * @param threads run what belongs to no thread; they reject nothing
     * @param carrier lets work that is done on another thread have what the calling thread carries along, like its trace
     */
    public LockInterceptor(
            LockedMethods methods,
            LockManagers managers,
            @Nullable SurroundingTransaction transaction,
            ObjectProvider<LockListener> listeners,
            Executor threads,
            UnaryOperator<Runnable> carrier) {
        this.methods = methods;
        this.managers = managers;
        this.transaction = transaction;
        this.losses = new Losses(transaction, listeners);
        this.threads = threads;
        this.carrier = carrier;
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
        List<LockRequest> requests = locked.requests(
                target, call.getArguments(), template -> losses.tell(listener -> listener.bypassed(template)));
        if (requests.isEmpty()) {
            return call.proceed();
        }
        checkFence(call, locked);
        LockedInvocation invocation =
                new LockedInvocation(call, locked, targetClass, managers.get(locked.manager()), requests);
        return switch (locked.answer()) {
            case VALUE, AWAITED -> new BlockingCall(invocation, transaction, losses).run();
            case FUTURE -> new FutureCall(invocation, losses, threads).run(carrier);
            case ONE, MANY -> new ReactiveCall(invocation, transaction, losses, threads).run();
            case UNKNOWN -> throw new IllegalStateException("Refused at the start: " + locked.method());
        };
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
}

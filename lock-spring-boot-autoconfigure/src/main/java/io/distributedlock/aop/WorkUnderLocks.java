package io.distributedlock.aop;

import io.distributedlock.LockLostException;
import io.distributedlock.fencing.FenceWatch;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;

/** A locked method, from when it has its locks until it has ended. */
record WorkUnderLocks(MethodInvocation call, LockedMethod locked, HeldLocks held) {

    /** An exception of the method wins, with a loss suppressed onto it. */
    @Nullable
    Object run() throws Throwable {
        try {
            return locked.interruptsOnLoss() ? interruptibly(this::fenced) : fenced();
        } catch (Throwable thrown) {
            Losses.suppress(locked, held.leases(), thrown);
            throw thrown;
        }
    }

    /**
     * As {@link #run()}, on a thread that has not made the call, and for work that goes on when the method has returned: what becomes of
     * it is seen to later.
     */
    @Nullable
    Object start() throws Throwable {
        return locked.interruptsOnLoss() ? interruptibly(() -> proceedElsewhere(call)) : proceedElsewhere(call);
    }

    /** Further advice may look for the call on its thread. */
    static @Nullable Object proceedElsewhere(MethodInvocation call) throws Throwable {
        return ExposeInvocationInterceptor.INSTANCE.invoke(call);
    }

    private interface Work {

        @Nullable
        Object run() throws Throwable;
    }

    private @Nullable Object interruptibly(Work work) throws Throwable {
        LossInterrupt interrupt = LossInterrupt.of(held.leases());
        try (interrupt) {
            return work.run();
        } catch (InterruptedException e) {
            LockLostException lost = interrupt.hasStruck() ? Losses.interrupted(locked, held.leases()) : null;
            if (lost == null) {
                throw e;
            }
            lost.addSuppressed(e);
            throw lost;
        }
    }

    /** What a method that fences by itself wrote without a fence is not protected, and must not look as if it were. */
    private @Nullable Object fenced() throws Throwable {
        if (!locked.isFencedByItself()) {
            return done();
        }
        try (FenceWatch watch = FenceWatch.open(held.leases())) {
            Object answer = done();
            checkFences(watch, locked);
            return answer;
        }
    }

    /** What a method with a thread of its own has begun elsewhere, that thread would wait for anyway. */
    private @Nullable Object done() throws Throwable {
        Object answer = call.proceed();
        if (locked.answer() == AnswerType.AWAITED && answer != null) {
            Futures.await(answer);
        }
        return answer;
    }

    static void checkFences(FenceWatch watch, LockedMethod locked) {
        if (!watch.missing().isEmpty()) {
            throw new IllegalStateException(
                    "guarantee = CORRECTNESS with fencing = MANUAL on %s: it has returned, and has entered no fence with its lease of lock '%s', so what it wrote is not protected. Call Fence.enter(resource, lease) before the first read, or use fencing = TRANSACTION."
                            .formatted(
                                    InvalidLockException.describe(locked.method()),
                                    watch.missing().get(0).name()));
        }
    }
}

package io.distributedlock.aop;

import io.distributedlock.LockLostException;
import io.distributedlock.aop.HeldLocks.Outcome;
import io.distributedlock.fencing.FenceWatch;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** A locked method, from when it has its locks until it has ended. */
record WorkUnderLocks(MethodInvocation call, LockedMethod locked, HeldLocks held) {

    /** An exception of the method wins, with a loss suppressed onto it. */
    @Nullable
    Object run() throws Throwable {
        try {
            return locked.interruptsOnLoss() ? interruptibly(this::fenced) : fenced();
        } catch (LockLostException told) {
            throw told;
        } catch (Throwable thrown) {
            LockLostException lost = locked.throwsOnLoss() ? held.lossDuring(locked.method(), Outcome.FAILED) : null;
            if (lost != null) {
                thrown.addSuppressed(lost);
            }
            throw thrown;
        }
    }

    /** As {@link #run()}, for work that goes on when the method has returned: what becomes of it is seen to later. */
    @Nullable
    Object start() throws Throwable {
        return locked.interruptsOnLoss() ? interruptibly(call::proceed) : call.proceed();
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
            LockLostException lost =
                    interrupt.hasStruck() ? held.lossDuring(locked.method(), Outcome.INTERRUPTED) : null;
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
            return call.proceed();
        }
        try (FenceWatch watch = FenceWatch.open(held.leases())) {
            Object answer = call.proceed();
            checkFences(watch, locked);
            return answer;
        }
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

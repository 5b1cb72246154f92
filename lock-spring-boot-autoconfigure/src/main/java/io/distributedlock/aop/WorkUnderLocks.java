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
            return locked.interruptsOnLoss() ? runInterruptibly() : runFenced();
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

    private @Nullable Object runInterruptibly() throws Throwable {
        LossInterrupt interrupt = LossInterrupt.of(held.leases());
        try (interrupt) {
            return runFenced();
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
    private @Nullable Object runFenced() throws Throwable {
        if (!locked.isFencedByItself()) {
            return call.proceed();
        }
        try (FenceWatch watch = FenceWatch.open(held.leases())) {
            Object answer = call.proceed();
            if (!watch.missing().isEmpty()) {
                throw new IllegalStateException(
                        "guarantee = CORRECTNESS with fencing = MANUAL on %s: it has returned, and has entered no fence with its lease of lock '%s', so what it wrote is not protected. Call Fence.enter(resource, lease) before the first read, or use fencing = TRANSACTION."
                                .formatted(
                                        InvalidLockException.describe(locked.method()),
                                        watch.missing().get(0).name()));
            }
            return answer;
        }
    }
}

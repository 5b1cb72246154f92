package io.distributedlock.engine;

import io.distributedlock.Lease;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A lock in the JDK's shape: its leases are found again by the calling thread. */
record LockView(LockEngine locks, String name) implements Lock {

    /** A claim of unbounded time would leave its place in the store for ever, should this instance die. */
    private static final Duration ONE_WAIT = Duration.ofMinutes(10);

    LockView {
        LockRequest.of(name); // refuses a bad name now rather than at the first use
    }

    @Override
    public void lock() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    lockInterruptibly();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        while (!tryLock(ONE_WAIT)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public boolean tryLock() {
        boolean interrupted = Thread.interrupted(); // the JDK's contract: an interrupt has no effect on this one
        try {
            return locks.tryAcquire(LockRequest.of(name).waitTime(Duration.ZERO))
                    .isPresent();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Duration wait = Duration.ofNanos(Math.max(0, unit.toNanos(time)));
        return tryLock(wait.compareTo(LockRequest.MAX_DURATION) < 0 ? wait : LockRequest.MAX_DURATION);
    }

    private boolean tryLock(Duration wait) throws InterruptedException {
        try {
            locks.acquire(LockRequest.of(name).waitTime(wait));
            return true;
        } catch (LockNotAcquiredException e) {
            return false;
        } catch (LockInterruptedException e) {
            Thread.interrupted(); // the JDK's contract: thrown, and the flag cleared
            InterruptedException interrupt = new InterruptedException(e.getMessage());
            interrupt.initCause(e);
            throw interrupt;
        }
    }

    @Override
    public void unlock() {
        Lease lease = locks.handleToUnlock(name)
                .orElseThrow(() -> new IllegalMonitorStateException("Lock '" + name + "' is not held by thread "
                        + Thread.currentThread().getName()));
        lease.close();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("A distributed lock has no conditions; lock '" + name + "'");
    }
}

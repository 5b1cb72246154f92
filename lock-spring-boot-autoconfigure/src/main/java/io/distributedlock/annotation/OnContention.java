package io.distributedlock.annotation;

/** What a call does when others had the lock for the whole wait time. A store that fails is never contention: it throws. */
public enum OnContention {

    /** Throw {@link io.distributedlock.LockNotAcquiredException}. */
    THROW,

    /** Do not run the method: answer {@code null}, or {@link java.util.Optional#empty()}. */
    SKIP,

    /** Run the {@link DistributedLock#fallback()} method instead, without the lock. */
    FALLBACK
}

package io.distributedlock.annotation;

/** What a call does when others had the lock for the whole wait time. A store that fails is never contention: it throws. */
public enum OnContention {

    /** Throw {@link io.distributedlock.LockNotAcquiredException}. */
    THROW,

    /**
     * Do not run the method: answer {@code null}, {@link java.util.Optional#empty()}, a completed future of {@code null}, or an empty
     * stream.
     */
    SKIP,

    /** Run the {@link DistributedLock#fallback()} method instead, without the lock. */
    FALLBACK
}

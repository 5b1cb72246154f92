package io.distributedlock;

import java.time.Duration;

/** The lock belonged to somebody else for the whole wait time. Nothing was run. */
public final class LockNotAcquiredException extends LockException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;

    /**
     * Made when a claim ended empty.
     *
     * @param lockName the lock, without namespace
     * @param message who holds it, since when, and how long this caller waited
     * @param waited how long this caller waited
     */
    public LockNotAcquiredException(String lockName, String message, Duration waited) {
        super(lockName, message, null);
        this.waited = waited;
    }

    /**
     * How long the caller waited before it gave up.
     *
     * @return zero or more
     */
    public Duration waited() {
        return waited;
    }
}

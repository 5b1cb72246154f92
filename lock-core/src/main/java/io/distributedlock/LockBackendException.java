package io.distributedlock;

import org.jspecify.annotations.Nullable;

/** The store did not do its part: not reachable, too slow, or it refused a command. Nothing was run. */
public final class LockBackendException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Made when the store could not be asked within the wait time.
     *
     * @param lockName the lock, without namespace
     * @param message which backend at which address could not do what
     * @param cause what the client said; {@code null} when it said nothing in time
     */
    public LockBackendException(String lockName, String message, @Nullable Throwable cause) {
        super(lockName, message, cause);
    }
}

package io.distributedlock;

import org.jspecify.annotations.Nullable;

/** Root of everything that can go wrong with a lock. Names the lock. */
public abstract class LockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String lockName;

    /**
     * Made by the subclasses.
     *
     * @param lockName the lock, without namespace
     * @param message what happened, to which lock, and what to do
     * @param cause what made it happen, or {@code null}
     */
    protected LockException(String lockName, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.lockName = lockName;
    }

    /**
     * The lock that this is about.
     *
     * @return its name, without namespace
     */
    public final String lockName() {
        return lockName;
    }
}

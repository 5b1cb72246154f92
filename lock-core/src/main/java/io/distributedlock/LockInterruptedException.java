package io.distributedlock;

/** The waiting thread was interrupted. Its interrupt flag is set again, the claim is withdrawn, nothing was run. */
public final class LockInterruptedException extends LockException {

    private static final long serialVersionUID = 1L;

    /**
     * Made when a caller that waits is interrupted.
     *
     * @param lockName the lock, without namespace
     * @param message what was interrupted
     * @param cause the interrupt
     */
    public LockInterruptedException(String lockName, String message, InterruptedException cause) {
        super(lockName, message, cause);
    }
}

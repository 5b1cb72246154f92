package io.distributedlock;

/**
 * The lease ended before its holder gave it back. What was written meanwhile under the lease's fencing token is safe at
 * a resource that checks tokens; anything else may have overlapped with another holder's work.
 */
public final class LockLostException extends LockException {

    private static final long serialVersionUID = 1L;

    private final long fencingToken;
    private final LossReason reason;

    /**
     * Made when a lost lease is used or closed.
     *
     * @param lockName the lock, without namespace
     * @param message what happened and what it means
     * @param fencingToken token of the lost lease
     * @param reason why it was lost
     */
    public LockLostException(String lockName, String message, long fencingToken, LossReason reason) {
        super(lockName, message, null);
        this.fencingToken = fencingToken;
        this.reason = reason;
    }

    /**
     * The token of the lost lease.
     *
     * @return positive
     */
    public long fencingToken() {
        return fencingToken;
    }

    /**
     * Why the lease was lost.
     *
     * @return the first reason that was noticed
     */
    public LossReason reason() {
        return reason;
    }
}

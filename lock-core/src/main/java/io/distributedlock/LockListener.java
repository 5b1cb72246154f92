package io.distributedlock;

import java.time.Duration;

/**
 * Hears what happens to the locks of this instance, after it happened. Called on the thread that noticed, which may be
 * the watchdog's: answer quickly and do not block. An exception is logged and harms nobody.
 */
public interface LockListener {

    /**
     * A claim was granted.
     *
     * @param lease the new lease
     * @param waited from the call to the grant
     */
    default void acquired(LeaseInfo lease, Duration waited) {}

    /**
     * A claim ended without a grant.
     *
     * @param request what was asked for
     * @param waited from the call to its end
     * @param cause {@link LockNotAcquiredException} when others had the lock, {@link LockBackendException} when the store
     *     failed, {@link LockInterruptedException} when the caller was interrupted
     */
    default void notAcquired(LockRequest request, Duration waited, LockException cause) {}

    /**
     * A declared lock was not taken, because its condition said that this call needs none. The call runs without it.
     *
     * @param template the declared name, for example {@code order:#{#id}}
     */
    default void bypassed(String template) {}

    /**
     * The store prolonged a lease.
     *
     * @param lease the lease
     */
    default void renewed(LeaseInfo lease) {}

    /**
     * A renewal failed and nobody knows whether the store prolonged the lease. It is tried again until the lease's time
     * is over.
     *
     * @param lease the lease
     * @param cause what the client said
     */
    default void renewalFailed(LeaseInfo lease, Throwable cause) {}

    /**
     * A lease ended before its holder gave it back.
     *
     * @param lease the lease
     * @param reason why
     */
    default void lost(LeaseInfo lease, LossReason reason) {}

    /**
     * A lease ended before its holder gave it back. Says what {@link #lost(LeaseInfo, LossReason)} says, which it calls.
     *
     * @param lease the lease
     * @param reason why
     * @param late how long after the end of its time that was noticed: for so long its holder may have worked beside the next
     *     one without knowing. Zero when the store said no before the time was over
     */
    default void lost(LeaseInfo lease, LossReason reason, Duration late) {
        lost(lease, reason);
    }

    /**
     * A lease was lost, and the transaction of the work under it had committed before: nothing has to be undone, and no
     * exception was thrown. {@link #lost} has been, or will be, called as well.
     *
     * @param request what was asked for
     * @param loss which lease, and why
     */
    default void lostAfterCommit(LockRequest request, LockLostException loss) {}

    /**
     * A holder gave its lease back; also said of a lost one, once, when it is closed.
     *
     * @param lease the lease
     * @param held from the grant to the release
     * @param outcome what became of the release
     */
    default void released(LeaseInfo lease, Duration held, ReleaseOutcome outcome) {}
}

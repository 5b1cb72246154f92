package io.distributedlock;

/** What became of a release. */
public enum ReleaseOutcome {

    /** The store confirmed it: others can have the lock. */
    RELEASED,

    /** The release is under way, or will be: an outer handle is open, {@code minHoldTime} runs, or nobody waits for the answer. */
    DEFERRED,

    /** The lease had been lost before; there was nothing left to release. */
    ALREADY_LOST,

    /**
     * The store did not answer in time, and the release is repeated in the background until the lease's time is over; or
     * the answer to a repeated release leaves open whether an earlier one or something else has ended the lease.
     */
    UNKNOWN
}

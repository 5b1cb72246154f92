package io.distributedlock;

/** Why a lease ended before its holder gave it back. */
public enum LossReason {

    /** No renewal was confirmed before the lease's time ran out: the store was not reachable, or too slow. */
    EXPIRED,

    /** The store said that this holder does not have the lock any more. */
    NOT_HELD,

    /** The lease's time ran out while this JVM, or its host, stood still. */
    PAUSED,

    /** The lease reached its {@code maxHoldTime}: it was no longer renewed. */
    MAX_HOLD_TIME,

    /** This instance was shut down while the lease was open, and the work under it did not end in time. */
    SHUTDOWN
}

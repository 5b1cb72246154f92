package io.distributedlock;

/** Whether whoever gives a lock back waits for the store's answer. */
public enum ReleaseMode {

    /** The release returns when the store has answered: its outcome is known. */
    CONFIRMED,

    /**
     * The release returns when the request is on its way, in order with whatever this instance sends next; its outcome is
     * {@link ReleaseOutcome#DEFERRED}. It is repeated like any other, and what becomes of it goes to
     * {@link LockListener#released}.
     */
    PIPELINED
}

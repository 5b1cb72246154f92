package io.distributedlock.annotation;

/** Who compares fencing tokens where the method writes, for {@link Guarantee#CORRECTNESS}. */
public enum Fencing {

    /**
     * The library: as the first thing in the method's transaction it enters a {@link io.distributedlock.fencing.Fence}, whose
     * mark is part of that transaction, for each lock.
     */
    TRANSACTION,

    /**
     * The method itself, by {@link io.distributedlock.fencing.Fence#enter(String, io.distributedlock.Lease)} with the lease of
     * each of its locks, before the first read. A call that returns without throws {@link IllegalStateException}.
     */
    MANUAL
}

package io.distributedlock.annotation;

/** What the lock is for. */
public enum Guarantee {

    /**
     * Not to do work twice. A holder that stands still for longer than its lease may overlap with the next one for a
     * moment.
     */
    EFFICIENCY,

    /**
     * Never to overlap: what a method does that has lost its lock without knowing is refused where it writes. See {@link Fencing}
     * for who compares. With {@link Fencing#TRANSACTION} the method needs a transaction that begins under the lock and can
     * write; another one ends the start of the application, or, where that shows only in the call, the call before the method is run.
     */
    CORRECTNESS
}

package io.distributedlock.annotation;

/** What the lock is for. */
public enum Guarantee {

    /**
     * Not to do work twice. A holder that stands still for longer than its lease may overlap with the next one for a
     * moment.
     */
    EFFICIENCY,

    /**
     * Never to overlap: what the method writes is refused when its lock is out of date. Not available in this version: an
     * application that asks for it does not start.
     */
    CORRECTNESS
}

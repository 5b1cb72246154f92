package io.distributedlock.annotation;

/** Who compares fencing tokens where the method writes, for {@link Guarantee#CORRECTNESS}. */
public enum Fencing {

    /** The library, in the method's transaction. */
    TRANSACTION,

    /** The method itself. Not available in this version: an application that asks for it does not start. */
    MANUAL
}

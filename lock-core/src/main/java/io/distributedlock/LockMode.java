package io.distributedlock;

/** How many holders a lock admits at a time. */
public enum LockMode {

    /** One holder, nobody beside it. */
    EXCLUSIVE,

    /** Several holders beside each other (a read lock, or a semaphore when permits limit them), but no exclusive one. */
    SHARED
}

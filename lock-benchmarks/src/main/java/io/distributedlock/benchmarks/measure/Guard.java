package io.distributedlock.benchmarks.measure;

/** Sees whether a lock keeps what it promises: one at a time, and tokens that grow. */
public interface Guard {

    /**
     * Somebody has got the lock.
     *
     * @param worker who, above zero and unique among all that use this lock
     * @param token its fencing token, or zero
     */
    void entered(int worker, long token);

    /**
     * Somebody is about to give the lock back.
     *
     * @param worker who
     */
    void left(int worker);

    /**
     * What was seen by this guard in this JVM.
     *
     * @return all of it
     */
    Violations violations();
}

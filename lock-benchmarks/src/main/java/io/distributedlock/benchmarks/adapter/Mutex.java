package io.distributedlock.benchmarks.adapter;

/** One lock as one thread uses it: takes it, then gives it back. */
public interface Mutex {

    /** What locks without tokens answer. */
    long NO_TOKEN = 0;

    /**
     * Takes the lock, however long that lasts.
     *
     * @return the fencing token, or {@link #NO_TOKEN}
     * @throws Exception if it was not taken
     */
    long acquire() throws Exception;

    /**
     * Takes the lock if that is possible at once.
     *
     * @return {@code false} if somebody else has it
     * @throws Exception if that cannot be said
     * @throws UnsupportedOperationException unless this adapter takes part where it is needed
     */
    default boolean tryAcquire() throws Exception {
        throw new UnsupportedOperationException("This adapter always waits");
    }

    /**
     * Gives it back.
     *
     * @throws Exception if it was not held
     */
    void release() throws Exception;
}

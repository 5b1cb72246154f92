package io.distributedlock.benchmarks.adapter;

/** A library with its connections to a store: what one instance of an application has. */
public interface LockClient extends AutoCloseable {

    /**
     * A lock for one thread; another thread asks for its own.
     *
     * @param name the lock
     * @return not taken yet
     */
    Mutex mutex(String name);

    @Override
    void close();
}

package io.distributedlock;

/**
 * Work that answers nothing and may throw a checked exception.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface ThrowingRunnable<X extends Throwable> {

    /**
     * Does the work.
     *
     * @throws X if the work fails
     */
    void run() throws X;
}

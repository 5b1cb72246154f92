package io.distributedlock;

import org.jspecify.annotations.Nullable;

/**
 * Work that answers something and may throw a checked exception.
 *
 * @param <T> what it answers
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface ThrowingSupplier<T extends @Nullable Object, X extends Throwable> {

    /**
     * Does the work.
     *
     * @return its answer
     * @throws X if the work fails
     */
    T get() throws X;
}

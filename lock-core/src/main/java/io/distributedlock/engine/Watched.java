package io.distributedlock.engine;

import org.jspecify.annotations.Nullable;

/** Has a seat in a {@link Batch} and carries it itself: so it is found there without a search, and costs no object. */
abstract class Watched<T extends Watched<T>> {

    /** Belongs to the {@link Batches}, and is guarded like them. */
    @Nullable
    Batch<T> batch;

    /** In the batch. */
    int seat;
}

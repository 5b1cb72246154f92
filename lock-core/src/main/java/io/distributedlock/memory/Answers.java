package io.distributedlock.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers found under the monitor of the store, given after it was left: they run code of others. */
final class Answers {

    private final List<Runnable> given = new ArrayList<>(2);

    <T> void add(CompletableFuture<T> future, T value) {
        given.add(() -> future.complete(value));
    }

    void give() {
        given.forEach(Runnable::run);
    }
}

package io.distributedlock.aop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Futures as methods answer them: of any kind, and some refuse whatever is asked of them. */
final class Futures {

    private Futures() {}

    /** One that can be asked, and is completed as a stage is. */
    static CompletableFuture<@Nullable Object> of(CompletionStage<?> stage) {
        CompletableFuture<@Nullable Object> end = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                end.complete(value);
            } else {
                end.completeExceptionally(reason(failure));
            }
        });
        return end;
    }

    /** A stage that was derived from another says what failed there in an exception of its own. */
    static Throwable reason(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static void cancel(@Nullable Object work) {
        if (work instanceof Future<?> future) {
            try {
                future.cancel(true);
            } catch (UnsupportedOperationException minimalStage) {
                // Its work cannot be reached.
            }
        }
    }

    /**
     * Waits until a future or stage is done; an interrupt cancels it.
     *
     * @throws Throwable as it has failed
     */
    static void await(Object work) throws Throwable {
        Future<?> end = work instanceof CompletionStage<?> stage ? of(stage) : (Future<?>) work;
        try {
            end.get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException e) {
            cancel(work);
            throw e;
        }
    }
}

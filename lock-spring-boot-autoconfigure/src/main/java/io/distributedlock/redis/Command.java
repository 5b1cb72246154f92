package io.distributedlock.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command that is to be sent, and what becomes of it. */
final class Command<T> {

    private final Function<RedisAsyncCommands<String, String>, CompletableFuture<T>> function;
    private final Duration patience;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final long madeNanos = System.nanoTime();
    private volatile @Nullable StatefulRedisConnection<String, String> sentOn;
    private volatile long sentNanos;
    private volatile @Nullable Future<?> watch;

    Command(Duration patience, Function<RedisAsyncCommands<String, String>, CompletableFuture<T>> function) {
        this.patience = patience;
        this.function = function;
    }

    CompletableFuture<T> answer() {
        return answer.whenComplete((value, error) -> {
            Future<?> present = watch;
            if (present != null) {
                present.cancel(false);
            }
        });
    }

    boolean isDone() {
        return answer.isDone();
    }

    /** The timer that ends our patience. */
    void watch(Future<?> timer) {
        watch = timer;
    }

    /** How long an answer may take; before it is sent, how long the making of a connection. */
    Duration bound() {
        return sentOn == null ? CommandLink.PATIENCE : patience;
    }

    long patienceLeftNanos() {
        long since = sentOn == null ? madeNanos : sentNanos;
        return isDone() ? 0 : bound().toNanos() - (System.nanoTime() - since);
    }

    @Nullable
    StatefulRedisConnection<String, String> sentOn() {
        return sentOn;
    }

    long sentNanos() {
        return sentNanos;
    }

    CompletableFuture<T> sendOn(StatefulRedisConnection<String, String> connection) {
        sentNanos = System.nanoTime();
        sentOn = connection;
        try {
            return function.apply(connection.async());
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    void complete(T value) {
        answer.complete(value);
    }

    boolean fail(Throwable cause) {
        return answer.completeExceptionally(cause);
    }
}

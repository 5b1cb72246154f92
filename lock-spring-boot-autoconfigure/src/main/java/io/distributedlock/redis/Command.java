package io.distributedlock.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A command that is to be sent, and what becomes of it. */
final class Command<T> {

    /** How a command is sent; must not block. */
    @FunctionalInterface
    interface Call<T> {

        /** Sends, and has the answer called with the value or with an error. */
        void send(Outbox outbox, BiConsumer<? super T, ? super Throwable> answer);
    }

    private final Call<T> call;
    private final Duration patience;
    private final Runnable ended;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final long madeNanos = System.nanoTime();
    private volatile @Nullable StatefulRedisConnection<String, String> sentOn;
    private volatile long sentNanos;

    /** @param ended called once, when it has been answered or has failed */
    Command(Duration patience, Runnable ended, Call<T> call) {
        this.patience = patience;
        this.ended = ended;
        this.call = call;
    }

    CompletableFuture<T> answer() {
        return answer;
    }

    boolean isDone() {
        return answer.isDone();
    }

    /** How long an answer may take; before it is sent, how long the making of a connection. */
    Duration bound() {
        return sentOn == null ? CommandLink.PATIENCE : patience;
    }

    /** When our patience ends, as things stand. */
    long endNanos() {
        return (sentOn == null ? madeNanos : sentNanos) + bound().toNanos();
    }

    /** When our patience ends if it is sent at once. */
    long earliestEndNanos() {
        return madeNanos + patience.toNanos();
    }

    @Nullable
    StatefulRedisConnection<String, String> sentOn() {
        return sentOn;
    }

    long sentNanos() {
        return sentNanos;
    }

    void sendBy(Outbox outbox, BiConsumer<? super T, ? super Throwable> answered) {
        sentNanos = System.nanoTime();
        sentOn = outbox.connection();
        try {
            call.send(outbox, answered);
        } catch (Throwable e) {
            answered.accept(null, e);
        }
    }

    void complete(T value) {
        if (answer.complete(value)) {
            ended.run();
        }
    }

    boolean fail(Throwable cause) {
        boolean first = answer.completeExceptionally(cause);
        if (first) {
            ended.run();
        }
        return first;
    }
}

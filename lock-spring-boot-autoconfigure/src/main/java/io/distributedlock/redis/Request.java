package io.distributedlock.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A script that is to run once, for one lock.
 *
 * @param <T> what it returns
 */
final class Request<T> implements ScriptCall<T> {

    private final Script script;
    private final String[] keys;
    private final String[] arguments;
    private final BiConsumer<? super T, ? super Throwable> answer;

    /** @param answer called once, with what the script returned or with an exception */
    Request(Script script, String[] keys, String[] arguments, BiConsumer<? super T, ? super Throwable> answer) {
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
        this.answer = answer;
    }

    /** An answer for whoever has the future. */
    static <T> BiConsumer<T, Throwable> into(CompletableFuture<T> future) {
        return (value, failure) -> {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(failure);
            }
        };
    }

    boolean isClaim() {
        return script == Script.ACQUIRE;
    }

    /** Whether it gives a lock back and does nothing else: keeps no name, leaves no tombstone, knows of no place in the queue. */
    boolean isPlainRelease() {
        return script == Script.RELEASE
                && arguments[2].isEmpty()
                && arguments[3].equals("0")
                && arguments[4].equals("0");
    }

    /** Whether another one of the same script has the same argument there. */
    boolean agrees(Request<?> other, int argument) {
        return arguments[argument].equals(other.arguments[argument]);
    }

    /** In the order of the script, from 0. */
    String key(int number) {
        return keys[number];
    }

    /** In the order of the script, from 0. */
    String argument(int number) {
        return arguments[number];
    }

    @Override
    public Arguments encoded(boolean withText) {
        return script.encoded(withText, keys, arguments);
    }

    @Override
    public CommandOutput<String, String, T> newOutput() {
        return script.newOutput();
    }

    @SuppressWarnings("unchecked") // it is what the script returned
    void answer(Object value) {
        if (value instanceof Throwable failure) {
            fail(failure);
        } else {
            answer.accept((T) value, null);
        }
    }

    void fail(Throwable cause) {
        answer.accept(null, cause);
    }

    void sendOn(RedisAsyncCommands<String, String> redis) {
        sendOn(redis, answer);
    }

    void sendWithTextOn(RedisAsyncCommands<String, String> redis) {
        sendWithTextOn(redis, answer);
    }

    /** Sends it, by its digest only; the answer is told when somebody has read that, also that the digest is unknown. */
    void sendOnly(DirectConnection connection, Duration patience) throws IOException {
        CommandOutput<String, String, T> output = newOutput();
        connection.send(
                new Command<>(CommandType.EVALSHA, output, encoded(false)),
                patience,
                failure -> answer.accept(failure == null ? output.get() : null, failure));
    }
}

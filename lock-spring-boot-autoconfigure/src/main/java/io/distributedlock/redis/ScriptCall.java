package io.distributedlock.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * One call of a script: by its digest, and by the whole text only when the server does not know that (any more).
 *
 * @param <T> what it returns
 */
interface ScriptCall<T> {

    /** @param withText whether with the text of the script, not its digest */
    CommandArgs<String, String> encoded(boolean withText);

    CommandOutput<String, String, T> newOutput();

    /** Has the answer called with what the script returned, or with an exception. */
    default void sendOn(RedisAsyncCommands<String, String> redis, BiConsumer<? super T, ? super Throwable> answer) {
        redis.dispatch(CommandType.EVALSHA, newOutput(), encoded(false)).whenComplete((value, error) -> {
            if (error != null && Failures.isUnknownScript(Failures.cause(error))) {
                sendWithTextOn(redis, answer);
            } else {
                answer.accept(value, error);
            }
        });
    }

    /** As {@link #sendOn}, for a server that may not be asked twice. */
    default void sendWithTextOn(
            RedisAsyncCommands<String, String> redis, BiConsumer<? super T, ? super Throwable> answer) {
        redis.dispatch(CommandType.EVAL, newOutput(), encoded(true)).whenComplete(answer);
    }

    /** On the calling thread, which waits for the answer. */
    default T runOn(DirectConnection connection, Duration patience) throws IOException {
        CommandOutput<String, String, T> answer = newOutput();
        try {
            connection.call(new Command<>(CommandType.EVALSHA, answer, encoded(false)), patience);
        } catch (RedisCommandExecutionException e) {
            if (!Failures.isUnknownScript(e)) {
                throw e;
            }
            answer = newOutput();
            connection.call(new Command<>(CommandType.EVAL, answer, encoded(true)), patience);
        }
        return answer.get();
    }
}

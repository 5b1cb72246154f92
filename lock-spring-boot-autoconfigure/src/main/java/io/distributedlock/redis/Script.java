package io.distributedlock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** What has to be atomic runs in the server: one script for each change of a lock. */
enum Script {
    ACQUIRE(ScriptOutputType.VALUE, "lock", "grant", "acquire", "hand-off", "acquire-in-turn"),
    RELEASE(ScriptOutputType.INTEGER, "lock", "release", "grant", "hand-off", "release-in-turn"),
    FORCE_RELEASE(ScriptOutputType.MULTI, "lock", "grant", "hand-off", "force-release"),
    ADVANCE(ScriptOutputType.INTEGER, "lock", "grant", "hand-off", "advance"),
    RENEW(ScriptOutputType.VALUE, "renew"),
    INSPECT(ScriptOutputType.MULTI, "inspect");

    private final ScriptOutputType output;
    private final String text;
    private final String digest;

    Script(ScriptOutputType output, String... files) {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(read(file + ".lua"));
        }
        this.output = output;
        this.text = all.toString();
        this.digest = Base16.digest(text.getBytes(UTF_8));
    }

    /** Sends the digest; the whole text only when the server does not know it (any more). */
    <T> void run(
            RedisAsyncCommands<String, String> redis,
            String[] keys,
            String[] arguments,
            BiConsumer<? super T, ? super Throwable> answer) {
        this.<T>send(redis, CommandType.EVALSHA, digest, keys, arguments).whenComplete((value, error) -> {
            if (error != null && Failures.isUnknownScript(Failures.cause(error))) {
                this.<T>send(redis, CommandType.EVAL, text, keys, arguments).whenComplete(answer);
            } else {
                answer.accept(value, error);
            }
        });
    }

    /** As {@link #run}, on the calling thread, which waits for the answer. */
    <T> CompletableFuture<T> runInPlace(
            DirectConnection connection, Duration patience, String[] keys, String[] arguments) throws IOException {
        CommandOutput<String, String, T> answer = newOutput();
        try {
            connection.call(new Command<>(CommandType.EVALSHA, answer, encoded(digest, keys, arguments)), patience);
        } catch (RedisCommandExecutionException e) {
            if (!Failures.isUnknownScript(e)) {
                throw e;
            }
            answer = newOutput();
            connection.call(new Command<>(CommandType.EVAL, answer, encoded(text, keys, arguments)), patience);
        }
        return CompletableFuture.completedFuture(answer.get());
    }

    private <T> CompletionStage<T> send(
            RedisAsyncCommands<String, String> redis,
            CommandType command,
            String script,
            String[] keys,
            String[] arguments) {
        return redis.dispatch(command, newOutput(), encoded(script, keys, arguments));
    }

    private static Arguments encoded(String script, String[] keys, String[] arguments) {
        Arguments all = new Arguments(2 + keys.length + arguments.length);
        all.add(script).add(Integer.toString(keys.length));
        for (String key : keys) {
            all.add(key);
        }
        for (String argument : arguments) {
            all.add(argument);
        }
        return all;
    }

    @SuppressWarnings("unchecked") // each script is run by callers who know what it answers
    private <T> CommandOutput<String, String, T> newOutput() {
        StringCodec codec = StringCodec.UTF8;
        return (CommandOutput<String, String, T>)
                switch (output) {
                    case INTEGER -> new IntegerOutput<>(codec);
                    case VALUE -> new ValueOutput<>(codec);
                    default -> new NestedMultiOutput<>(codec);
                };
    }

    /**
     * Makes all scripts known, so that commands sent one behind the other also run in that order: an unknown script would
     * be sent again, behind its successors. A server that does not allow it answers an error, and that is well too.
     */
    static void load(RedisAsyncCommands<String, String> redis) {
        for (Script script : values()) {
            redis.scriptLoad(script.text);
        }
    }

    private static String read(String file) {
        try (InputStream stream = Script.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("Script " + file + " is missing beside " + Script.class.getName());
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Script " + file + " could not be read", e);
        }
    }
}

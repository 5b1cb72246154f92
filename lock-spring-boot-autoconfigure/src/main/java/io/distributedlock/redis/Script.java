package io.distributedlock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.ValueOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/** What has to be atomic runs in the server: one script for each change of a lock. */
enum Script {
    ACQUIRE(ScriptOutputType.VALUE, files("lock", "grant", "acquire", "hand-off", "acquire-in-turn")),
    RELEASE(ScriptOutputType.INTEGER, files("lock", "release", "grant", "hand-off", "release-in-turn")),
    FORCE_RELEASE(ScriptOutputType.MULTI, files("lock", "grant", "hand-off", "force-release")),
    ADVANCE(ScriptOutputType.INTEGER, files("lock", "grant", "hand-off", "advance")),
    RENEW(ScriptOutputType.VALUE, files("renew")),
    INSPECT(ScriptOutputType.MULTI, files("inspect")),

    /** Many of the first two in one call. */
    BATCH(ScriptOutputType.MULTI, ACQUIRE.asFunction("acquire") + RELEASE.asFunction("release") + files("batch"));

    private final ScriptOutputType output;
    private final String text;
    private final String digest;

    Script(ScriptOutputType output, String text) {
        this.output = output;
        this.text = text;
        this.digest = Base16.digest(text.getBytes(UTF_8));
    }

    /** Keys and arguments are its parameters, by the names that the server gives to those of a script. */
    private String asFunction(String name) {
        return "local function " + name + "(KEYS, ARGV)\n" + text + "end\n";
    }

    Arguments encoded(boolean withText, String[] keys, String[] arguments) {
        Arguments all = new Arguments(2 + keys.length + arguments.length);
        all.add(withText ? text : digest).add(Integer.toString(keys.length));
        for (String key : keys) {
            all.add(key);
        }
        for (String argument : arguments) {
            all.add(argument);
        }
        return all;
    }

    @SuppressWarnings("unchecked") // each script is run by callers who know what it answers
    <T> CommandOutput<String, String, T> newOutput() {
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

    private static String files(String... names) {
        return Stream.of(names).map(name -> read(name + ".lua")).collect(joining());
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

package io.distributedlock.benchmarks.server;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How many commands a Redis server has carried out: also each one inside a script, but not the calls of scripts, and
 * nothing that connections say about themselves.
 */
public final class CommandCounts implements AutoCloseable {

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
    private static final Pattern NOT_COUNTED = Pattern.compile(
            "eval(sha)?|evalsha_ro|eval_ro|script\\|?.*|info|ping|hello|client\\|?.*|config\\|?.*|command");

    private final RedisClient client;
    private final RedisCommands<String, String> commands;

    /**
     * Connects.
     *
     * @param address of the server
     */
    public CommandCounts(String address) {
        client = RedisClient.create(RedisURI.create("redis://" + address));
        commands = client.connect().sync();
    }

    /**
     * All so far.
     *
     * @return compare two of them
     */
    public long now() {
        return count(commands.info("commandstats"));
    }

    static long count(String statistics) {
        return CALLS.matcher(statistics)
                .results()
                .filter(call -> !NOT_COUNTED.matcher(call.group(1)).matches())
                .mapToLong(call -> Long.parseLong(call.group(2)))
                .sum();
    }

    /** Forgets all keys, so that a slice does not meet what another has left. */
    public void flush() {
        commands.flushall();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}

package io.distributedlock.benchmarks.adapter;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The least that a lock in Redis can do: {@code SET NX PX}, and a script that deletes what is one's own. */
final class RedisFloor implements LockClient {

    static final SetArgs IF_ABSENT = SetArgs.Builder.nx().px(15_000);

    private final RedisClient client;
    private final RedisCommands<String, String> commands;
    private final String script;
    private final AtomicLong holders = new AtomicLong();

    RedisFloor(String address) {
        client = RedisClient.create(RedisURI.create("redis://" + address));
        StatefulRedisConnection<String, String> connection = client.connect();
        commands = connection.sync();
        script = commands.scriptLoad(CompareAndDelete.SCRIPT);
    }

    @Override
    public Mutex mutex(String name) {
        String[] keys = {name};
        return new Mutex() {
            private String holder = "";

            @Override
            public long acquire() {
                holder = Long.toString(holders.incrementAndGet());
                if (commands.set(name, holder, IF_ABSENT) == null) {
                    throw new IllegalStateException("The floor does not wait, but " + name + " is taken");
                }
                return NO_TOKEN;
            }

            @Override
            public void release() {
                Long deleted = commands.evalsha(script, ScriptOutputType.INTEGER, keys, holder);
                if (deleted != 1) {
                    throw new IllegalStateException(name + " was lost");
                }
            }
        };
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}

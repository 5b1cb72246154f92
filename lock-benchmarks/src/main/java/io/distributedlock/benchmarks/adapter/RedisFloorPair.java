package io.distributedlock.benchmarks.adapter;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The least by which a lock in Redis passes from one process to another without a queue in the store: one script deletes
 * and publishes, and the other side sends {@code SET NX} when it hears of that. The request is sent by the thread that
 * heard the message; nobody is woken before the lock is taken. For two callers only.
 */
final class RedisFloorPair implements LockClient {

    private final String self = UUID.randomUUID().toString();
    private final RedisClient client;
    private final RedisAsyncCommands<String, String> commands;
    private final StatefulRedisPubSubConnection<String, String> messages;
    private final String script;

    RedisFloorPair(String address) {
        client = RedisClient.create(RedisURI.create("redis://" + address));
        StatefulRedisConnection<String, String> connection = client.connect();
        commands = connection.async();
        messages = client.connectPubSub();
        script = connection.sync().scriptLoad(CompareAndDelete.AND_PUBLISH);
    }

    @Override
    public Mutex mutex(String name) {
        Pair mutex = new Pair(name);
        messages.addListener(mutex);
        messages.sync().subscribe(mutex.channel);
        return mutex;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    private final class Pair extends RedisPubSubAdapter<String, String> implements Mutex {

        private final String name;
        private final String channel;
        private volatile @Nullable CompletableFuture<Void> turn;

        Pair(String name) {
            this.name = name;
            this.channel = name + ":free";
        }

        @Override
        public long acquire() throws Exception {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            turn = mine;
            attempt(mine);
            mine.get(60, TimeUnit.SECONDS);
            turn = null;
            return NO_TOKEN;
        }

        private void attempt(CompletableFuture<Void> waiting) {
            commands.set(name, self, RedisFloor.IF_ABSENT).whenComplete((answer, failure) -> {
                if (failure != null) {
                    waiting.completeExceptionally(failure);
                } else if (answer != null) {
                    waiting.complete(null);
                }
            });
        }

        @Override
        public void message(String from, String text) {
            CompletableFuture<Void> waiting = turn;
            if (waiting != null && from.equals(channel) && !text.equals(self)) {
                attempt(waiting);
            }
        }

        @Override
        public void release() throws Exception {
            commands.evalsha(script, ScriptOutputType.INTEGER, new String[] {name, channel}, self)
                    .get(60, TimeUnit.SECONDS);
        }
    }
}

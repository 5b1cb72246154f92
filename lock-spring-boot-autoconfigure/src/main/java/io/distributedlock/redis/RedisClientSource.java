package io.distributedlock.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where connections come from: a client of our own, made when first needed, or the application's. */
final class RedisClientSource implements AutoCloseable {

    private static final long CLOSE_MILLIS = 500;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Nothing is sent on the connection for messages: that its server has gone without a word is found within 20 s. */
    private static final SocketOptions.KeepAliveOptions KEEP_ALIVE = SocketOptions.KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(10))
            .interval(Duration.ofSeconds(3))
            .count(3)
            .build();

    private final Supplier<? extends AbstractRedisClient> client;
    private final @Nullable RedisURI uri;
    private final @Nullable OwnClient<RedisClient> own;

    private RedisClientSource(
            Supplier<? extends AbstractRedisClient> client,
            @Nullable RedisURI uri,
            @Nullable OwnClient<RedisClient> own) {
        this.client = client;
        this.uri = uri;
        this.own = own;
    }

    static RedisClientSource own(RedisURI uri) {
        boundTimeout(uri);
        OwnClient<RedisClient> own = new OwnClient<>(() -> {
            RedisClient made = RedisClient.create();
            made.setOptions(options());
            return made;
        });
        return new RedisClientSource(own, uri, own);
    }

    /** The default of a minute is too long to wait for the greeting of a server that has gone. */
    static void boundTimeout(RedisURI uri) {
        if (uri.getTimeout().compareTo(RedisURI.DEFAULT_TIMEOUT_DURATION) >= 0) {
            uri.setTimeout(CONNECT_TIMEOUT);
        }
    }

    /** For a client of our own. */
    static ClientOptions options() {
        return ClientOptions.builder()
                // Connections are opened again by whoever needs them: nothing is sent twice behind our back.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(KEEP_ALIVE)
                        .build())
                .timeoutOptions(TimeoutOptions.create())
                .build();
    }

    /** A client without a URI of its own needs one here; with one, {@code null} means the client's own. */
    static RedisClientSource given(Supplier<? extends AbstractRedisClient> client, @Nullable RedisURI uri) {
        return new RedisClientSource(client, uri, null);
    }

    /** Blocks until connected. */
    StatefulRedisConnection<String, String> connect() {
        return uri == null ? client().connect(StringCodec.UTF8) : client().connect(StringCodec.UTF8, uri);
    }

    /** Blocks until connected. */
    StatefulRedisPubSubConnection<String, String> connectPubSub() {
        return uri == null ? client().connectPubSub(StringCodec.UTF8) : client().connectPubSub(StringCodec.UTF8, uri);
    }

    /** Whatever is under way on it fails. Harmless when repeated. */
    static void giveUp(StatefulConnection<?, ?> connection) {
        // Closing a closed one makes the client log a warning.
        if (connection instanceof RedisChannelHandler<?, ?> handler && !handler.isClosed()) {
            handler.closeAsync();
        }
    }

    /** As {@link #giveUp}, and waits a short time for it: a client that is shut down closes what is still open again. */
    static void close(StatefulConnection<?, ?> connection) {
        if (connection instanceof RedisChannelHandler<?, ?> handler && !handler.isClosed()) {
            try {
                handler.closeAsync().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RedisClient client() {
        AbstractRedisClient present = client.get();
        if (present instanceof RedisClient redisClient) {
            return redisClient;
        }
        throw new IllegalStateException(
                "Locks were told of a single Redis server or one found by Sentinel, but the application's client is a %s; set lock.redis.url"
                        .formatted(present.getClass().getSimpleName()));
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}

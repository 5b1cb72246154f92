package io.distributedlock.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** On a connection of the client, wherever that leads: messages arrive on its event loop. */
final class LettuceSubscription implements Subscription {

    private static final long GOODBYE_MILLIS = 500;

    private final StatefulRedisPubSubConnection<String, String> connection;
    private final String channel;

    private LettuceSubscription(StatefulRedisPubSubConnection<String, String> connection, String channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /** @param connect blocks until connected */
    static Subscription.Source source(Supplier<StatefulRedisPubSubConnection<String, String>> connect) {
        return (channel, messages, lost) -> subscribe(connect.get(), channel, messages, lost);
    }

    private static Subscription subscribe(
            StatefulRedisPubSubConnection<String, String> made,
            String channel,
            Consumer<String> messages,
            Consumer<Subscription> lost) {
        LettuceSubscription subscribed = new LettuceSubscription(made, channel);
        try {
            made.addListener(new RedisPubSubAdapter<String, String>() {
                @Override
                public void message(String toChannel, String message) {
                    messages.accept(message);
                }
            });
            made.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                    lost.accept(subscribed);
                }
            });
            made.sync().subscribe(channel);
            return subscribed;
        } catch (Throwable e) {
            subscribed.giveUp();
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void giveUp() {
        RedisClientSource.giveUp(connection);
    }

    @Override
    public void close() {
        try {
            connection.async().unsubscribe(channel).await(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            RedisClientSource.close(connection);
        }
    }
}

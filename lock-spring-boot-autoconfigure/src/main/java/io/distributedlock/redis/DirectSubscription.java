package io.distributedlock.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On a direct connection, with a thread of its own that reads: much less has to be run until a waiter hears its message
 * than on an event loop, which counts where messages are rare and nothing of that is in a processor's caches.
 */
final class DirectSubscription implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(DirectSubscription.class);

    /** For each step of the way: whoever waits for messages waits for the client to try, too, when there is no direct one. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long GOODBYE_MILLIS = 500;

    private final DirectConnection connection;
    private final String channel;
    private final Consumer<String> messages;
    private final Consumer<Subscription> lost;
    private final CountDownLatch left = new CountDownLatch(1);

    private DirectSubscription(
            DirectConnection connection, String channel, Consumer<String> messages, Consumer<Subscription> lost) {
        this.connection = connection;
        this.channel = channel;
        this.messages = messages;
        this.lost = lost;
    }

    /** @param otherwise serves when there is no way to the URI for us, and tells what is wrong */
    static Subscription.Source source(RedisURI uri, ScheduledExecutorService timer, Subscription.Source otherwise) {
        return (channel, messages, lost) -> {
            try {
                return subscribe(uri, timer, channel, messages, lost);
            } catch (Exception e) {
                return otherwise.open(channel, messages, lost);
            }
        };
    }

    private static Subscription subscribe(
            RedisURI uri,
            ScheduledExecutorService timer,
            String channel,
            Consumer<String> messages,
            Consumer<Subscription> lost)
            throws Exception {
        DirectConnection made = DirectConnection.open(uri, PATIENCE, timer);
        try {
            Greeting.say(made, uri, PATIENCE);
            made.call(command(CommandType.SUBSCRIBE, channel), PATIENCE);
            DirectSubscription subscribed = new DirectSubscription(made, channel, messages, lost);
            Daemon.start("lock-redis-messages", subscribed::listen);
            return subscribed;
        } catch (Throwable e) {
            made.close();
            throw e;
        }
    }

    private static Command<String, String, List<Object>> command(CommandType type, String channel) {
        return new Command<>(
                type, new ArrayOutput<>(StringCodec.UTF8), new CommandArgs<>(StringCodec.UTF8).add(channel));
    }

    private void listen() {
        try {
            DirectSocket socket = connection.socket();
            while (true) {
                ArrayOutput<String, String> said = new ArrayOutput<>(StringCodec.UTF8);
                socket.read(said);
                if (said.hasError()) {
                    throw new IOException("The server said " + said.getError());
                }
                List<Object> message = said.get();
                if (!message.get(0).equals("message")) {
                    return; // it has left the channel
                }
                messages.accept((String) message.get(2));
            }
        } catch (IOException | RuntimeException e) {
            log.debug("The subscription to {} is over", channel, e);
        } finally {
            connection.close();
            left.countDown();
            lost.accept(this);
        }
    }

    @Override
    public boolean isOpen() {
        return connection.socket().isOpen();
    }

    @Override
    public void giveUp() {
        connection.close();
    }

    @Override
    public void close() {
        try {
            connection.socket().write(command(CommandType.UNSUBSCRIBE, channel));
            boolean unused = left.await(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.close();
        }
    }
}

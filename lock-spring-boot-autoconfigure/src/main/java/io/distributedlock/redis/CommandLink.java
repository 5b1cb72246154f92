package io.distributedlock.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one connection for commands: opened when first needed and again after it broke. Commands leave in the order in
 * which they came, also those that came while the connection was being made.
 *
 * <p>A connection that breaks or falls silent is given up with all that is under way on it: these commands fail at
 * once, and nobody knows whether they were run. So nothing is sent a second time, whatever the client's options say.
 */
final class CommandLink {

    /** How long an answer may take, the making of the connection included. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<StatefulRedisConnection<String, String>> source;
    private final ScheduledExecutorService timer;
    private final String description;

    private final Queue<Command<?>> commands = new ConcurrentLinkedQueue<>();

    /** How much there may be to do; whoever raises it from zero does it, for all who come meanwhile. */
    private final AtomicInteger work = new AtomicInteger();

    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    /** When the last answer came, on whichever connection. */
    private volatile long answeredNanos = System.nanoTime();

    private volatile boolean opening;
    private volatile @Nullable Thread opener;
    private volatile boolean closed;

    /**
     * Connects nothing yet.
     *
     * @param source opens a connection, blocking
     */
    CommandLink(
            Supplier<StatefulRedisConnection<String, String>> source,
            ScheduledExecutorService timer,
            String description) {
        this.source = source;
        this.timer = timer;
        this.description = description;
    }

    /** Runs the function when it is its turn; it must not block. */
    <T> CompletableFuture<T> send(Function<RedisAsyncCommands<String, String>, CompletableFuture<T>> function) {
        Command<T> command = new Command<>(function);
        if (closed) {
            command.fail(closedError());
            return command.answer;
        }
        ScheduledFuture<?> bound = timer.schedule(() -> tooLate(command), PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        commands.add(command);
        proceed();
        return command.answer.whenComplete((answer, error) -> bound.cancel(false));
    }

    private void proceed() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            StatefulRedisConnection<String, String> present = connection;
            if (present != null) {
                sendAll(present);
            } else if (!commands.isEmpty() && !opening) {
                opening = true;
                opener = Daemon.start("lock-redis-connect", this::open);
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void sendAll(StatefulRedisConnection<String, String> present) {
        Command<?> command = commands.poll();
        while (command != null) {
            command.sendOn(present);
            command = commands.poll();
        }
    }

    private void open() {
        try {
            StatefulRedisConnection<String, String> made = source.get();
            Script.load(made.async());
            connection = made;
            made.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                    giveUp(made);
                }
            });
            if (closed || !made.isOpen()) {
                giveUp(made);
            }
        } catch (Exception | LinkageError e) {
            failAll(e);
        } finally {
            opening = false;
            proceed();
        }
    }

    private void giveUp(StatefulRedisConnection<String, String> broken) {
        if (connection == broken) {
            connection = null;
        }
        RedisClientSource.giveUp(broken);
    }

    private void failAll(Throwable cause) {
        Command<?> command = commands.poll();
        while (command != null) {
            command.fail(cause);
            command = commands.poll();
        }
    }

    private void tooLate(Command<?> command) {
        boolean late =
                command.fail(new RedisCommandTimeoutException(description + " did not answer within " + PATIENCE));
        StatefulRedisConnection<String, String> sentOn = command.sentOn;
        // A connection that answers others is slow, not broken.
        if (late && sentOn != null && command.sentNanos - answeredNanos > 0) {
            giveUp(sentOn);
        }
    }

    void close() {
        closed = true;
        Daemon.await(opener);
        StatefulRedisConnection<String, String> present = connection;
        connection = null;
        if (present != null) {
            RedisClientSource.close(present);
        }
        failAll(closedError());
    }

    private IllegalStateException closedError() {
        return new IllegalStateException("The connection to " + description + " was closed");
    }

    private final class Command<T> {

        private final Function<RedisAsyncCommands<String, String>, CompletableFuture<T>> function;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private volatile @Nullable StatefulRedisConnection<String, String> sentOn;
        private volatile long sentNanos;

        Command(Function<RedisAsyncCommands<String, String>, CompletableFuture<T>> function) {
            this.function = function;
        }

        void sendOn(StatefulRedisConnection<String, String> present) {
            if (answer.isDone()) {
                return;
            }
            sentNanos = System.nanoTime();
            sentOn = present;
            function.apply(present.async()).whenComplete((value, error) -> {
                answeredNanos = System.nanoTime();
                if (error == null) {
                    answer.complete(value);
                } else {
                    fail(explained(Failures.cause(error)));
                }
            });
        }

        boolean fail(Throwable cause) {
            return answer.completeExceptionally(cause);
        }

        /** What was under way on a closed connection is cancelled, which says nothing about why. */
        private Throwable explained(Throwable error) {
            return error instanceof CancellationException
                    ? new RedisConnectionException("The connection to " + description + " broke before the answer")
                    : error;
        }
    }
}

package io.distributedlock.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this backend needs of a client besides {@link Inbox}, which subscribes: to run a script and to be told the answer.
 *
 * <p>The one connection for commands: opened when first needed and again after it broke. Commands leave in the order in
 * which they came, also those that came while the connection was being made.
 *
 * <p>A connection that breaks or falls silent is given up with all that is under way on it: these commands fail at
 * once, and nobody knows whether they were run. So nothing is sent a second time, whatever the client's options say.
 */
final class CommandLink implements Route {

    /** How long an answer may take if nobody says otherwise, and how long the making of a connection. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<StatefulRedisConnection<String, String>> source;
    private final Unanswered unanswered;
    private final String description;
    private final boolean inCluster;

    private final Queue<Command<?>> commands = new ConcurrentLinkedQueue<>();

    /** Have no place in an order, and wait for nobody: a lease is at stake. */
    private final Queue<Command<?>> renewals = new ConcurrentLinkedQueue<>();

    /** How much there may be to do; whoever raises it from zero does it, for all who come meanwhile. */
    private final AtomicInteger work = new AtomicInteger();

    /** Commands that are not answered yet, on whichever connection. */
    private final AtomicInteger underWay = new AtomicInteger();

    private final Runnable ended = underWay::decrementAndGet;

    private final InPlaceLink inPlace;

    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    /** When the last answer came, on whichever connection. */
    private volatile long answeredNanos = System.nanoTime();

    /** Of the connection; guarded by {@link #work}. */
    private @Nullable Outbox outbox;

    private volatile boolean opening;
    private volatile @Nullable Thread opener;
    private volatile boolean closed;
    private volatile Runnable demoted = () -> {};

    /**
     * Connects nothing yet.
     *
     * @param source opens a connection, blocking
     * @param inCluster whether the server is one of a Cluster: then a command can be about one lock only
     */
    CommandLink(
            Supplier<StatefulRedisConnection<String, String>> source,
            DirectLink direct,
            ScheduledExecutorService timer,
            String description,
            boolean inCluster) {
        this.source = source;
        this.inPlace = new InPlaceLink(this, direct, timer);
        this.unanswered = new Unanswered(timer, this::tooLate);
        this.description = description;
        this.inCluster = inCluster;
    }

    /** Called when the server turns out to take no writes: it is not the one that keeps the locks any more. */
    void onDemotion(Runnable action) {
        demoted = action;
    }

    @Override
    public <T> CompletableFuture<T> eval(
            Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        return send(
                script == Script.RENEW ? renewals : commands,
                patience,
                (outbox, answer) -> outbox.send(new Request<>(script, keys, arguments.get(), answer)));
    }

    /** For a lock that is moving to this server, which runs nothing for it yet unless told to right before. */
    <T> CompletableFuture<T> evalAsking(Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        return send(commands, patience, (outbox, answer) -> {
            RedisAsyncCommands<String, String> redis = outbox.alone();
            redis.asking();
            new Request<T>(script, keys, arguments.get(), answer).sendWithTextOn(redis);
        });
    }

    @Override
    public boolean keepsCaller() {
        return false;
    }

    /** For callers whose thread may send. */
    InPlaceLink inPlace() {
        return inPlace;
    }

    /** The connection of all, if there is one. */
    @Nullable
    StatefulRedisConnection<String, String> present() {
        return connection;
    }

    /** Whether nothing is under way; then nobody else is told so before {@link #endAlone}. */
    boolean beginAlone() {
        return underWay.compareAndSet(0, 1);
    }

    void endAlone() {
        ended.run();
        if (!commands.isEmpty()) {
            proceed(); // they may have waited for the answer that was owed
        }
    }

    /** Runs the function when it is its turn; it must not block. */
    <T> CompletableFuture<T> send(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> function) {
        return send(
                commands,
                PATIENCE,
                (outbox, answer) -> function.apply(outbox.alone()).whenComplete(answer));
    }

    /** The patience, at most {@link #PATIENCE}, begins when the command is sent. */
    private <T> CompletableFuture<T> send(Queue<Command<?>> queue, Duration patience, Command.Call<T> call) {
        underWay.incrementAndGet();
        inPlace.sentByOthers();
        Command<T> command = new Command<>(patience, ended, call);
        unanswered.add(command);
        queue.add(command);
        proceed();
        return command.answer();
    }

    /** Sends what may be sent now. */
    void proceed() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            StatefulRedisConnection<String, String> present = connection;
            if (closed) {
                failAll(closedError());
            } else if (present != null) {
                sendAll(present);
            } else if (!(commands.isEmpty() && renewals.isEmpty()) && !opening) {
                startOpening();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void startOpening() {
        opening = true;
        try {
            opener = Daemon.start("lock-redis-connect", this::open);
        } catch (Throwable noThread) {
            opening = false;
            failAll(noThread);
        }
    }

    private void sendAll(StatefulRedisConnection<String, String> present) {
        Outbox by = outbox;
        if (by == null || by.connection() != present) {
            by = new Outbox(present, !inCluster);
            outbox = by;
        }
        Command<?> renewal = renewals.poll();
        while (renewal != null) {
            run(renewal, by);
            renewal = renewals.poll();
        }
        while (!commands.isEmpty()) {
            // Asked after a command was seen: what its sender has sent by itself before is owed an answer by now.
            if (inPlace.holdsBack()) {
                return;
            }
            Command<?> command = commands.poll();
            if (command != null) {
                run(command, by);
            }
        }
    }

    private <T> void run(Command<T> command, Outbox by) {
        if (command.isDone()) {
            return;
        }
        command.sendBy(by, (value, error) -> {
            answeredNanos = System.nanoTime();
            if (error == null) {
                command.complete(value);
            } else {
                command.fail(explained(Failures.cause(error), by.connection()));
            }
        });
    }

    /** @param by the connection of all when the command was sent: it leads to the same server as the direct one */
    Throwable explained(Throwable error, @Nullable StatefulRedisConnection<String, String> by) {
        if (Failures.isReadOnly(error)) {
            if (by != null) {
                giveUp(by);
            }
            demoted.run();
        }
        if (!inCluster && Redirect.of(error) != null) {
            return new RedisException(
                    "%s is one of the servers of a Redis Cluster, and others have some of the locks: say so by 'redis-cluster://…' in lock.redis.url, or give the locks a client of the Cluster"
                            .formatted(description),
                    error);
        }
        // What was under way on a closed connection is cancelled, which says nothing about why.
        return error instanceof CancellationException ? broken(error) : error;
    }

    RedisConnectionException broken(Throwable cause) {
        return new RedisConnectionException("The connection to " + description + " broke before the answer", cause);
    }

    RedisCommandTimeoutException unanswered(Duration patience) {
        return new RedisCommandTimeoutException(description + " did not answer within " + patience);
    }

    private void open() {
        @Nullable StatefulRedisConnection<String, String> made = null;
        try {
            made = source.get();
            listenTo(made);
            Script.load(made.async());
            connection = made;
            if (closed || !made.isOpen()) {
                giveUp(made);
            }
        } catch (Throwable e) {
            if (made != null) {
                giveUp(made);
            }
            failAll(Failures.withReason(e));
        } finally {
            opening = false;
            proceed();
        }
    }

    private void listenTo(StatefulRedisConnection<String, String> made) {
        made.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                giveUp(made);
            }
        });
    }

    private void giveUp(StatefulRedisConnection<String, String> broken) {
        if (connection == broken) {
            connection = null;
            inPlace.giveUp();
        }
        RedisClientSource.giveUp(broken);
    }

    private void failAll(Throwable cause) {
        for (Queue<Command<?>> queue : List.of(commands, renewals)) {
            Command<?> command = queue.poll();
            while (command != null) {
                command.fail(cause);
                command = queue.poll();
            }
        }
    }

    private void tooLate(Command<?> command) {
        boolean late = command.fail(unanswered(command.bound()));
        StatefulRedisConnection<String, String> sentOn = command.sentOn();
        // A connection that answers others is slow, not broken.
        if (late && sentOn != null && command.sentNanos() - answeredNanos > 0) {
            giveUp(sentOn);
        }
    }

    void close() {
        closed = true;
        inPlace.close();
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
}

package io.distributedlock.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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

    /** For an answer that others wait for as well; then the release is repeated on the shared connection. */
    private static final Duration OWED_PATIENCE = Duration.ofMillis(300);

    private static final long OWED_AT_MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long OWED_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Supplier<StatefulRedisConnection<String, String>> source;
    private final Unanswered unanswered;
    private final String description;

    private final Queue<Command<?>> commands = new ConcurrentLinkedQueue<>();

    /** Have no place in an order, and wait for nobody: a lease is at stake. */
    private final Queue<Command<?>> renewals = new ConcurrentLinkedQueue<>();

    /** How much there may be to do; whoever raises it from zero does it, for all who come meanwhile. */
    private final AtomicInteger work = new AtomicInteger();

    /** Commands that are not answered yet, on whichever connection. */
    private final AtomicInteger underWay = new AtomicInteger();

    private final Runnable ended = underWay::decrementAndGet;

    /** Whether the last command went by the connection of all: then more may follow, and an owed answer would hold them back. */
    private volatile boolean othersSend;

    private final DirectLink direct;
    private final Route inPlace = new InPlace();
    private final Route pipelined = new Pipelined();

    /** When to read the answer that is owed by the direct connection, if nobody comes who does. */
    private final Alarm owed;

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
     */
    CommandLink(
            Supplier<StatefulRedisConnection<String, String>> source,
            DirectLink direct,
            ScheduledExecutorService timer,
            String description) {
        this.source = source;
        this.direct = direct;
        this.unanswered = new Unanswered(timer, this::tooLate);
        this.description = description;
        this.owed = new Alarm(timer, this::settle);
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

    @Override
    public boolean keepsCaller() {
        return false;
    }

    /**
     * For a caller that waits for the answer: when nothing else is under way it sends and reads by itself, and the answer is
     * there on return. So nothing is ever overtaken by what it sends.
     */
    Route inPlace() {
        return inPlace;
    }

    private final class InPlace implements Route {

        @Override
        public <T> CompletableFuture<T> eval(
                Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            boolean isDone = isDoneInPlace(
                    patience,
                    false,
                    own -> answer.complete(
                            new Request<T>(script, keys, arguments.get(), Request.into(answer)).runOn(own, patience)),
                    answer::completeExceptionally);
            return isDone ? answer : CommandLink.this.eval(patience, script, keys, arguments);
        }

        @Override
        public boolean keepsCaller() {
            return true;
        }
    }

    /** As {@link #inPlace()}, for several requests; {@code false} when something else is under way: nothing was sent. */
    boolean evalInPlace(Duration patience, RequestBatch batch) {
        StatefulRedisConnection<String, String> present = connection;
        CompletableFuture<List<Object>> answers = new CompletableFuture<>();
        if (!isDoneInPlace(
                patience, false, own -> answers.complete(batch.runOn(own, patience)), answers::completeExceptionally)) {
            return false;
        }
        // Not before others may use the connection: the next holder works as soon as it is told.
        answers.whenComplete((all, failure) -> {
            if (all != null) {
                all.replaceAll(each -> each instanceof Throwable error ? explained(error, present) : each);
            }
            batch.answered(all, failure);
        });
        return true;
    }

    private boolean isDoneInPlace(
            Duration patience, boolean settled, DirectLink.Work work, Consumer<Throwable> failed) {
        if (connection == null || !direct.isThere() || !underWay.compareAndSet(0, 1)) {
            return false;
        }
        try {
            boolean isDone = direct.isDone(settled, work);
            othersSend = !isDone;
            return isDone;
        } catch (IOException | RuntimeException e) {
            failed.accept(failureInPlace(e, patience));
            return true;
        } finally {
            ended.run();
            if (!commands.isEmpty()) {
                proceed(); // they may have waited for the answer that was owed
            }
        }
    }

    private Throwable failureInPlace(Throwable failure, Duration patience) {
        if (failure instanceof SocketTimeoutException) {
            return unanswered(patience);
        }
        return failure instanceof IOException ? broken(failure) : explained(failure, connection);
    }

    /**
     * For a caller that does not wait for the answer, but whose thread may send: when nothing else is under way it writes by
     * itself, and whoever sends next reads the answer before its own. Until then nothing leaves by the connection of all, so
     * nothing that comes later overtakes it.
     */
    Route pipelined() {
        return pipelined;
    }

    private final class Pipelined implements Route {

        @Override
        public <T> CompletableFuture<T> eval(
                Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            boolean isSent = !othersSend
                    && isDoneInPlace(
                            OWED_PATIENCE,
                            true,
                            own -> new Request<T>(script, keys, arguments.get(), told(answer))
                                    .sendOnly(own, OWED_PATIENCE),
                            answer::completeExceptionally);
            if (!isSent) {
                return CommandLink.this.eval(patience, script, keys, arguments);
            }
            owed.by(System.nanoTime() + OWED_AT_MOST_NANOS);
            return answer;
        }

        @Override
        public boolean keepsCaller() {
            return false;
        }
    }

    private <T> BiConsumer<T, Throwable> told(CompletableFuture<T> answer) {
        BiConsumer<T, Throwable> into = Request.into(answer);
        return (value, failure) -> into.accept(value, failure == null ? null : failureInPlace(failure, OWED_PATIENCE));
    }

    private void settle() {
        if (!direct.settle()) {
            owed.by(System.nanoTime() + OWED_AGAIN_NANOS);
        } else if (!commands.isEmpty()) {
            proceed();
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
        othersSend = true;
        Command<T> command = new Command<>(patience, ended, call);
        unanswered.add(command);
        queue.add(command);
        proceed();
        return command.answer();
    }

    private void proceed() {
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
            by = new Outbox(present);
            outbox = by;
        }
        Command<?> renewal = renewals.poll();
        while (renewal != null) {
            run(renewal, by);
            renewal = renewals.poll();
        }
        while (!commands.isEmpty()) {
            // Asked after a command was seen: what its sender has sent by itself before is owed an answer by now.
            if (direct.owes()) {
                owed.by(System.nanoTime());
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

    private Throwable explained(Throwable error, @Nullable StatefulRedisConnection<String, String> by) {
        if (Failures.isReadOnly(error)) {
            if (by != null) {
                giveUp(by);
            }
            demoted.run();
        }
        // What was under way on a closed connection is cancelled, which says nothing about why.
        return error instanceof CancellationException ? broken(error) : error;
    }

    private RedisConnectionException broken(Throwable cause) {
        return new RedisConnectionException("The connection to " + description + " broke before the answer", cause);
    }

    private RedisCommandTimeoutException unanswered(Duration patience) {
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
            direct.giveUp();
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
        direct.close();
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

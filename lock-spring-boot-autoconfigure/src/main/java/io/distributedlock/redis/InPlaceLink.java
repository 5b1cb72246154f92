package io.distributedlock.redis;

import io.distributedlock.redis.DirectLink.Work;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What threads of callers send by themselves, on the direct connection: when nothing else is under way, so that nothing is
 * ever overtaken by it. Else their requests go as those of others.
 *
 * <p>As a route it is for callers that wait for the answer: alone, they read it as well, and it is there on return.
 */
final class InPlaceLink implements Route {

    /** For an answer that others wait for as well; then the release is repeated on the shared connection. */
    private static final Duration OWED_PATIENCE = Duration.ofMillis(300);

    private static final long OWED_AT_MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long OWED_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CommandLink shared;
    private final DirectLink direct;
    private final Route pipelined = new Pipelined();

    /** When to read the answer that is owed by the direct connection, if nobody comes who does. */
    private final Alarm owed;

    /** Whether the last command went by the connection of all: then more may follow, and an owed answer would hold them back. */
    private volatile boolean othersSend;

    InPlaceLink(CommandLink shared, DirectLink direct, ScheduledExecutorService timer) {
        this.shared = shared;
        this.direct = direct;
        this.owed = new Alarm(timer, this::settle);
    }

    @Override
    public <T> CompletableFuture<T> eval(
            Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Work work = own -> {
            Request<T> request = new Request<>(script, keys, arguments.get(), Request.into(answer));
            request.answer(request.runOn(own, patience));
        };
        return isDone(patience, false, shared.present(), work, answer::completeExceptionally)
                ? answer
                : shared.eval(patience, script, keys, arguments);
    }

    @Override
    public boolean keepsCaller() {
        return true;
    }

    /** For several requests; {@code false} when something else is under way: nothing was sent. */
    boolean eval(Duration patience, RequestBatch batch) {
        CompletableFuture<List<Object>> answers = new CompletableFuture<>();
        StatefulRedisConnection<String, String> present = shared.present();
        Work work = own -> answers.complete(batch.runOn(own, patience));
        if (!isDone(patience, false, present, work, answers::completeExceptionally)) {
            return false;
        }
        // Not before others may use the connection: the next holder works as soon as it is told.
        answers.whenComplete((all, failure) -> {
            if (all != null) {
                all.replaceAll(each -> each instanceof Throwable error ? shared.explained(error, present) : each);
            }
            batch.answered(all, failure);
        });
        return true;
    }

    /**
     * For a caller that does not wait for the answer, but whose thread may send: it writes by itself, and whoever sends next
     * reads the answer before its own. Until then nothing leaves by the connection of all, so nothing that comes later
     * overtakes it.
     */
    Route pipelined() {
        return pipelined;
    }

    private final class Pipelined implements Route {

        @Override
        public <T> CompletableFuture<T> eval(
                Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            StatefulRedisConnection<String, String> present = shared.present();
            Work work = own ->
                    new Request<T>(script, keys, arguments.get(), told(answer, present)).sendOnly(own, OWED_PATIENCE);
            if (othersSend || !isDone(OWED_PATIENCE, true, present, work, answer::completeExceptionally)) {
                return shared.eval(patience, script, keys, arguments);
            }
            owed.by(System.nanoTime() + OWED_AT_MOST_NANOS);
            return answer;
        }

        @Override
        public boolean keepsCaller() {
            return false;
        }
    }

    private <T> BiConsumer<T, Throwable> told(
            CompletableFuture<T> answer, @Nullable StatefulRedisConnection<String, String> present) {
        BiConsumer<T, Throwable> into = Request.into(answer);
        return (value, failure) ->
                into.accept(value, failure == null ? null : explained(failure, OWED_PATIENCE, present));
    }

    private boolean isDone(
            Duration patience,
            boolean settled,
            @Nullable StatefulRedisConnection<String, String> present,
            Work work,
            Consumer<Throwable> failed) {
        if (present == null || !direct.isThere() || !shared.beginAlone()) {
            return false;
        }
        try {
            boolean isDone = direct.isDone(settled, work);
            othersSend = !isDone;
            return isDone;
        } catch (IOException | RuntimeException e) {
            failed.accept(explained(e, patience, present));
            return true;
        } finally {
            shared.endAlone();
        }
    }

    private Throwable explained(
            Throwable failure, Duration patience, @Nullable StatefulRedisConnection<String, String> present) {
        if (failure instanceof SocketTimeoutException) {
            return shared.unanswered(patience);
        }
        return failure instanceof IOException ? shared.broken(failure) : shared.explained(failure, present);
    }

    /** A command goes by the connection of all. */
    void sentByOthers() {
        othersSend = true;
    }

    /** Whether others have to wait for an answer that nobody waits for; they go on as soon as it is there. */
    boolean holdsBack() {
        boolean owes = direct.owes();
        if (owes) {
            owed.by(System.nanoTime());
        }
        return owes;
    }

    private void settle() {
        if (direct.settle()) {
            shared.proceed();
        } else {
            owed.by(System.nanoTime() + OWED_AGAIN_NANOS);
        }
    }

    void giveUp() {
        direct.giveUp();
    }

    void close() {
        direct.close();
    }
}

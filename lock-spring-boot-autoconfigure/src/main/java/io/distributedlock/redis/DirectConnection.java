package io.distributedlock.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which the caller's own thread writes a request and reads its answer. For one caller at a time. An
 * interrupt closes it, and so does an answer that comes too late.
 */
final class DirectConnection implements AutoCloseable {

    /** After so long the server, or what lies between, may have closed it. */
    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DirectSocket socket;
    private final ScheduledExecutorService timer;
    private final Alarm alarm;
    private long usedNanos = System.nanoTime();

    /** When our patience with the request under way ends; meaningless while there is none. */
    private volatile long endNanos;

    /** What was sent by somebody who did not wait for the answer. */
    private volatile @Nullable Owed owed;

    private final AtomicReference<@Nullable Runnable> news = new AtomicReference<>();

    private volatile boolean underWay;
    private volatile boolean late;
    private volatile boolean greeted;

    private record Owed(Command<?, ?, ?> command, long endNanos, Consumer<@Nullable Exception> answered) {

        void tell() {
            CommandOutput<?, ?, ?> answer = command.getOutput();
            answered.accept(answer.hasError() ? new RedisCommandExecutionException(answer.getError()) : null);
        }
    }

    private DirectConnection(DirectSocket socket, ScheduledExecutorService timer) {
        this.socket = socket;
        this.timer = timer;
        this.alarm = new Alarm(timer, this::closeIfLate);
    }

    /** Connects, and says nothing yet. Blocks. */
    static DirectConnection open(RedisURI uri, Duration patience, ScheduledExecutorService timer) throws IOException {
        return new DirectConnection(DirectSocket.open(uri, patience), timer);
    }

    /**
     * Sends a request and waits for its answer, which is then in the command's output.
     *
     * @throws RedisCommandExecutionException when the server answers with an error; the connection is as good as before
     * @throws SocketTimeoutException when the answer did not come in time
     * @throws IOException in these and all other cases it is closed, and nobody knows whether the server ran the request
     */
    void call(Command<?, ?, ?> command, Duration patience) throws IOException {
        endNanos = System.nanoTime() + patience.toNanos();
        underWay = true;
        alarm.by(endNanos);
        try {
            if (timer.isShutdown()) {
                throw new IOException("Nobody would end a call that is not answered any more");
            }
            socket.write(command);
            Owed before = owed;
            if (before != null) {
                socket.read(before.command.getOutput());
                owed = null;
                news.set(before::tell);
            }
            socket.read(command.getOutput());
        } catch (Throwable e) {
            close();
            failOwed(new IOException("The request behind it failed", e));
            if (late) {
                throw new SocketTimeoutException();
            }
            throw e;
        } finally {
            underWay = false;
            usedNanos = System.nanoTime();
        }
        if (command.getOutput().hasError()) {
            throw new RedisCommandExecutionException(command.getOutput().getError());
        }
    }

    /**
     * Sends a request and leaves its answer to whoever comes next, or to {@link #readOwed()}. Only when it {@link #owes} none.
     *
     * @param answered told when the answer is in the command's output, or why there is none
     * @throws IOException as {@link #call}
     */
    void send(Command<?, ?, ?> command, Duration patience, Consumer<@Nullable Exception> answered) throws IOException {
        try {
            socket.write(command);
        } catch (Throwable e) {
            close();
            throw e;
        }
        usedNanos = System.nanoTime();
        owed = new Owed(command, usedNanos + patience.toNanos(), answered);
    }

    /** Whether there is, or will be, an answer that nobody has read. */
    boolean owes() {
        return owed != null;
    }

    /** Reads the answer that it owes, if that is there: keeps nobody. Returns whether it owes none now. */
    boolean readOwed() {
        Owed present = owed;
        if (present == null) {
            return true;
        }
        try {
            if (!socket.readAtOnce(present.command.getOutput())) {
                if (present.endNanos - System.nanoTime() <= 0) {
                    throw new SocketTimeoutException();
                }
                return false;
            }
            owed = null;
            news.set(present::tell);
        } catch (IOException | RuntimeException e) {
            close();
            failOwed(e);
        }
        return true;
    }

    private void failOwed(Exception cause) {
        Owed left = owed;
        owed = null;
        if (left != null) {
            news.set(() -> left.answered.accept(cause));
        }
    }

    /** Tells whoever was owed an answer; to be run once, by whoever has used the connection, when others may use it again. */
    @Nullable
    Runnable takeNews() {
        return news.get() == null ? null : news.getAndSet(null);
    }

    /** Whether it stands, as far as can be known without sending anything; one that does not is closed. */
    boolean isFresh() {
        if (owes() || System.nanoTime() - usedNanos < STALE_NANOS) {
            return true;
        }
        try {
            if (socket.isSilent()) {
                return true;
            }
        } catch (IOException broken) {
            // closed below
        }
        close();
        return false;
    }

    /** For who listens from now on to what the server says by itself, and calls no more. */
    DirectSocket socket() {
        return socket;
    }

    private void closeIfLate() {
        long end = endNanos;
        if (!underWay) {
            return;
        }
        if (end - System.nanoTime() > 0) {
            alarm.by(end);
        } else {
            late = true;
            close();
        }
    }

    /** It has said who it is, and which database it wants. */
    void greeted() {
        greeted = true;
    }

    /** Whether others may use it. */
    boolean isUsable() {
        return greeted && socket.isOpen();
    }

    @Override
    public void close() {
        socket.close();
    }
}

package io.distributedlock.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which the caller's own thread writes a request and reads its answer: Lettuce's protocol without its event
 * loop. For one caller at a time. An interrupt closes it, and so does an answer that comes too late.
 */
final class DirectConnection implements AutoCloseable {

    /** After so long the server, or what lies between, may have closed it. */
    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** It may be idle for long: that its server has gone without a word is found within 20 s. */
    private static final Map<SocketOption<Integer>, Integer> KEEP_ALIVE = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, 10,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, 3,
            ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

    private final SocketChannel channel;
    private final RedisStateMachine answers = new RedisStateMachine();
    private final ByteBuf out = Unpooled.buffer(1024);
    private final ByteBuf in = Unpooled.buffer(1024);
    private final Alarm alarm;
    private @Nullable Throwable wrong;
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

    private DirectConnection(SocketChannel channel, Alarm alarm) {
        this.channel = channel;
        this.alarm = alarm;
    }

    /**
     * Connects, and says nothing yet. Blocks.
     *
     * @param alarm leads to {@link #closeIfLate}
     */
    static DirectConnection open(RedisURI uri, Duration patience, Alarm alarm) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            for (Map.Entry<SocketOption<Integer>, Integer> option : KEEP_ALIVE.entrySet()) {
                if (channel.supportedOptions().contains(option.getKey())) {
                    channel.setOption(option.getKey(), option.getValue());
                }
            }
            channel.socket().connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) patience.toMillis());
            return new DirectConnection(channel, alarm);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
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
            write(command);
            Owed before = owed;
            if (before != null) {
                read(before.command);
                owed = null;
                news.set(before::tell);
            }
            read(command);
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
            write(command);
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
            channel.configureBlocking(false);
            if (!isRead(present.command)) {
                if (present.endNanos - System.nanoTime() <= 0) {
                    throw new SocketTimeoutException();
                }
                channel.configureBlocking(true);
                return false;
            }
            channel.configureBlocking(true);
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

    private void write(Command<?, ?, ?> command) throws IOException {
        out.clear();
        command.encode(out);
        ByteBuffer request = out.nioBuffer();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    private void read(Command<?, ?, ?> command) throws IOException {
        while (!isRead(command)) {
            // The channel keeps the caller until there is more.
        }
    }

    /** Whether the answer is complete with what there is; some of it may have come with the one before. */
    private boolean isRead(Command<?, ?, ?> command) throws IOException {
        while (!in.isReadable() || !isDecoded(command.getOutput())) {
            in.discardReadBytes();
            in.ensureWritable(256);
            int bytes = channel.read(in.nioBuffer(in.writerIndex(), in.writableBytes()));
            if (bytes < 0) {
                throw new EOFException("The server closed the connection before it answered");
            }
            if (bytes == 0) {
                return false;
            }
            in.writerIndex(in.writerIndex() + bytes);
        }
        return true;
    }

    /** An answer that is none to this command says that the two sides are out of step. */
    private boolean isDecoded(CommandOutput<?, ?, ?> answer) throws IOException {
        boolean isComplete = answers.decode(in, answer, error -> wrong = error);
        if (wrong != null) {
            throw new IOException("The server answered something else", wrong);
        }
        return isComplete;
    }

    /** Whether it stands, as far as can be known without sending anything; one that does not is closed. */
    boolean isFresh() {
        if (owes() || System.nanoTime() - usedNanos < STALE_NANOS) {
            return true;
        }
        try {
            channel.configureBlocking(false);
            boolean silent = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            if (silent) {
                return true;
            }
        } catch (IOException broken) {
            // closed below
        }
        close();
        return false;
    }

    /** Called when it may be time. */
    void closeIfLate(long nowNanos) {
        long end = endNanos;
        if (!underWay) {
            return;
        }
        if (end - nowNanos > 0) {
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
        return greeted && channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        }
    }
}

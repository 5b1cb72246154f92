package io.distributedlock.redis;

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
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce's protocol on a blocking channel, without its event loop. One thread at a time may write, and one may read; an
 * interrupt closes it.
 */
final class DirectSocket implements AutoCloseable {

    /** It may be idle for long: that its server has gone without a word is found within 20 s. */
    private static final Map<SocketOption<Integer>, Integer> KEEP_ALIVE = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, 10,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, 3,
            ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

    private final SocketChannel channel;
    private final RedisStateMachine answers = new RedisStateMachine();
    private final ByteBuf out = Unpooled.buffer(1024);
    private final ByteBuf in = Unpooled.buffer(1024);
    private @Nullable Throwable wrong;

    private DirectSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and says nothing yet. Blocks. */
    static DirectSocket open(RedisURI uri, Duration patience) throws IOException {
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
            return new DirectSocket(channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    void write(Command<?, ?, ?> command) throws IOException {
        out.clear();
        command.encode(out);
        ByteBuffer request = out.nioBuffer();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    /** Waits until it is there, however long that takes. */
    void read(CommandOutput<?, ?, ?> answer) throws IOException {
        while (!isRead(answer)) {
            // The channel keeps the caller until there is more.
        }
    }

    /** Reads the answer if it is there: keeps nobody. */
    boolean readAtOnce(CommandOutput<?, ?, ?> answer) throws IOException {
        channel.configureBlocking(false);
        boolean isRead = isRead(answer);
        channel.configureBlocking(true);
        return isRead;
    }

    /** Whether the answer is complete with what there is; some of it may have come with the one before. */
    private boolean isRead(CommandOutput<?, ?, ?> answer) throws IOException {
        while (!in.isReadable() || !isDecoded(answer)) {
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

    /** Whether the server has neither left nor said anything that nobody asked for. */
    boolean isSilent() throws IOException {
        channel.configureBlocking(false);
        boolean silent = channel.read(ByteBuffer.allocate(1)) == 0;
        channel.configureBlocking(true);
        return silent;
    }

    boolean isOpen() {
        return channel.isOpen();
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

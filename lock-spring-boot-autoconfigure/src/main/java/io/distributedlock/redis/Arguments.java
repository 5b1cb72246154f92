package io.distributedlock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The arguments of a command as they are sent, encoded on the caller's thread: the client keeps an object for each and
 * encodes them on the one thread that serves all callers, and a batch of renewals has hundreds. Takes texts only.
 */
final class Arguments extends CommandArgs<String, String> {

    private static final int USUAL_BYTES = 64;

    /** What stands before an argument, by its length. */
    private static final byte[][] HEADERS = new byte[256][];

    static {
        for (int length = 0; length < HEADERS.length; length++) {
            HEADERS[length] = newHeader(length);
        }
    }

    private static final int END = '\r' << 8 | '\n';

    /** On the heap and not pooled, so nobody has to give it back. */
    private final ByteBuf encoded;

    private int count;

    /** @param expected about how many there will be */
    Arguments(int expected) {
        super(StringCodec.UTF8);
        this.encoded = Unpooled.buffer(expected * USUAL_BYTES);
    }

    @Override
    public Arguments add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        encoded.writeBytes(bytes.length < HEADERS.length ? HEADERS[bytes.length] : newHeader(bytes.length));
        encoded.writeBytes(bytes);
        encoded.writeShort(END);
        count++;
        return this;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void encode(ByteBuf command) {
        command.writeBytes(encoded, 0, encoded.readableBytes());
    }

    private static byte[] newHeader(int length) {
        return ("$" + length + "\r\n").getBytes(UTF_8);
    }
}

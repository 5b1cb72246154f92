package io.distributedlock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

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

    /** Nearly always long enough from the start. */
    private byte[] encoded;

    private int end;
    private int count;

    /** @param expected about how many there will be */
    Arguments(int expected) {
        super(StringCodec.UTF8);
        this.encoded = new byte[expected * USUAL_BYTES];
    }

    @Override
    public Arguments add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] header = bytes.length < HEADERS.length ? HEADERS[bytes.length] : newHeader(bytes.length);
        int needed = end + header.length + bytes.length + 2;
        if (needed > encoded.length) {
            encoded = Arrays.copyOf(encoded, Math.max(needed, 2 * encoded.length));
        }
        System.arraycopy(header, 0, encoded, end, header.length);
        System.arraycopy(bytes, 0, encoded, end + header.length, bytes.length);
        encoded[needed - 2] = '\r';
        encoded[needed - 1] = '\n';
        end = needed;
        count++;
        return this;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void encode(ByteBuf command) {
        command.writeBytes(encoded, 0, end);
    }

    private static byte[] newHeader(int length) {
        return ("$" + length + "\r\n").getBytes(UTF_8);
    }
}

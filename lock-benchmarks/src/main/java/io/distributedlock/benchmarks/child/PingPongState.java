package io.distributedlock.benchmarks.child;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What two JVMs know of each other, in a file that both map. Readings of {@link System#nanoTime()} are compared between
 * them: on Linux it is the same clock in all processes.
 */
final class PingPongState {

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int RELEASED_BY = 0;
    private static final int RELEASED_AT = Long.BYTES;
    private static final int WAITS = 2 * Long.BYTES;
    private static final int SIZE = 4 * Long.BYTES;

    private final ByteBuffer shared;
    private final int self;

    /** For one of the two, 0 or 1. */
    PingPongState(Path file, int self) throws IOException {
        this.self = self;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
    }

    int worker() {
        return self + 1;
    }

    void startWaiting() {
        LONGS.setVolatile(shared, waits(self), 1L);
    }

    void stopWaiting() {
        LONGS.setVolatile(shared, waits(self), 0L);
    }

    boolean otherWaits() {
        return (long) LONGS.getVolatile(shared, waits(1 - self)) == 1L;
    }

    void release(long now) {
        LONGS.setVolatile(shared, RELEASED_BY, (long) worker());
        LONGS.setVolatile(shared, RELEASED_AT, now);
    }

    boolean releasedByOther() {
        long by = (long) LONGS.getVolatile(shared, RELEASED_BY);
        return by != 0 && by != worker();
    }

    long releasedAt() {
        return (long) LONGS.getVolatile(shared, RELEASED_AT);
    }

    private static int waits(int who) {
        return WAITS + who * Long.BYTES;
    }
}

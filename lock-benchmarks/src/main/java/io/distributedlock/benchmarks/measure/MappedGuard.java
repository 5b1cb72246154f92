package io.distributedlock.benchmarks.measure;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** For the threads of several JVMs, which all map one file: who is inside, and the last token. */
public final class MappedGuard implements Guard {

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int OWNER = 0;
    private static final int LAST_TOKEN = Long.BYTES;
    private static final int SIZE = 2 * Long.BYTES;

    private final Violations violations = new Violations();
    private final ByteBuffer shared;

    /**
     * Maps the file.
     *
     * @param file made when it is not there
     * @throws IOException if that fails
     */
    public MappedGuard(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
    }

    @Override
    public void entered(int worker, long token) {
        long other = (long) LONGS.compareAndExchange(shared, OWNER, 0L, (long) worker);
        if (other != 0) {
            violations.overlap(worker, other);
            LONGS.setVolatile(shared, OWNER, (long) worker);
        }
        if (token != 0) {
            long last = (long) LONGS.getVolatile(shared, LAST_TOKEN);
            if (token <= last) {
                violations.order(worker, token, last);
            }
            LONGS.setVolatile(shared, LAST_TOKEN, token);
        }
    }

    @Override
    public void left(int worker) {
        long other = (long) LONGS.compareAndExchange(shared, OWNER, (long) worker, 0L);
        if (other != worker) {
            violations.overlap(worker, other);
            LONGS.setVolatile(shared, OWNER, 0L);
        }
    }

    @Override
    public Violations violations() {
        return violations;
    }
}

package io.distributedlock.redis;

import io.lettuce.core.AbstractRedisClient;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that is ours to shut down. Its threads and sockets begin with the first connection. */
final class OwnClient<C extends AbstractRedisClient> implements Supplier<C>, AutoCloseable {

    /** How long a client may take to shut down. */
    static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final Supplier<C> maker;
    private @Nullable C made;
    private boolean closed;

    OwnClient(Supplier<C> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized C get() {
        if (closed) {
            throw new IllegalStateException("The client was closed"); // nobody would shut a new one down
        }
        C client = made;
        if (client == null) {
            client = maker.get();
            made = client;
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (made != null) {
            made.shutdown(Duration.ZERO, SHUTDOWN);
        }
    }
}

package io.distributedlock.benchmarks.adapter;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.redis.RedisLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.zookeeper.ZooKeeperLockBackend;
import io.distributedlock.zookeeper.ZooKeeperSettings;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine of ours over one of its backends. */
final class Ours implements LockClient {

    private static final String NAMESPACE = "bench";

    private final LockBackend backend;
    private final LockEngine engine;

    private Ours(LockBackend backend, UnaryOperator<LockEngine.Builder> options) {
        this.backend = backend;
        this.engine = options.apply(LockEngine.builder(backend).waitTime(Duration.ofMinutes(2)))
                .build();
        connect();
    }

    /** Others connect when they are made, ours when they are first used. */
    private void connect() {
        engine.acquire(LockRequest.of("first:" + UUID.randomUUID())).release();
    }

    static Ours onRedis(String address, UnaryOperator<LockEngine.Builder> options) {
        return new Ours(
                RedisLockBackend.builder(RedisURI.create("redis://" + address))
                        .namespace(NAMESPACE)
                        .build(),
                options);
    }

    static Ours onZooKeeper(String address, UnaryOperator<LockEngine.Builder> options) {
        return new Ours(new ZooKeeperLockBackend(ZooKeeperSettings.of(address, NAMESPACE)), options);
    }

    @Override
    public Mutex mutex(String name) {
        return new OurMutex(engine, LockRequest.of(name));
    }

    @Override
    public void close() {
        engine.close();
        try {
            backend.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class OurMutex implements Mutex {

        private final LockEngine engine;
        private final LockRequest request;
        private @Nullable Lease lease;

        OurMutex(LockEngine engine, LockRequest request) {
            this.engine = engine;
            this.request = request;
        }

        @Override
        public long acquire() {
            Lease taken = engine.acquire(request);
            lease = taken;
            return taken.fencingToken();
        }

        @Override
        public boolean tryAcquire() {
            Optional<Lease> taken = engine.tryAcquire(request.waitTime(Duration.ZERO));
            taken.ifPresent(granted -> lease = granted);
            return taken.isPresent();
        }

        @Override
        public void release() {
            Lease taken = Objects.requireNonNull(lease);
            lease = null;
            ReleaseOutcome outcome = taken.release();
            if (outcome != ReleaseOutcome.RELEASED && outcome != ReleaseOutcome.DEFERRED) {
                throw new IllegalStateException("Release of %s ended as %s, lost by %s"
                        .formatted(
                                taken.name(),
                                outcome,
                                taken.lost().toCompletableFuture().getNow(null)));
            }
        }
    }
}

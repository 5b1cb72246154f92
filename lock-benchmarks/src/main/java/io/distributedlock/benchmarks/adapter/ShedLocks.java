package io.distributedlock.benchmarks.adapter;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** ShedLock over Spring Data. It does not wait: a lock that is taken is skipped. */
final class ShedLocks implements LockClient {

    private final LettuceConnectionFactory connections;
    private final RedisLockProvider provider;

    ShedLocks(String address) {
        connections = LettuceConnections.to(address);
        provider = new RedisLockProvider(connections, "bench");
    }

    @Override
    public Mutex mutex(String name) {
        return new Mutex() {
            private @Nullable SimpleLock taken;

            @Override
            public long acquire() {
                taken = provider.lock(new LockConfiguration(Instant.now(), name, Duration.ofSeconds(15), Duration.ZERO))
                        .orElseThrow(() -> new IllegalStateException(name + " is taken"));
                return NO_TOKEN;
            }

            @Override
            public void release() {
                Objects.requireNonNull(taken).unlock();
            }
        };
    }

    @Override
    public void close() {
        connections.destroy();
    }
}

package io.distributedlock.benchmarks.adapter;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;

/** The lock registry of Spring Integration over Lettuce, with its defaults. */
final class SpringIntegrationLocks implements LockClient {

    private final LettuceConnectionFactory connections;
    private final RedisLockRegistry registry;

    SpringIntegrationLocks(String address, RedisLockType type) {
        connections = LettuceConnections.to(address);
        registry = new RedisLockRegistry(connections, "integration-" + type, Duration.ofSeconds(15));
        registry.setRedisLockType(type);
    }

    @Override
    public Mutex mutex(String name) {
        Lock lock = registry.obtain(name);
        return new Mutex() {
            @Override
            public long acquire() {
                lock.lock();
                return NO_TOKEN;
            }

            @Override
            public void release() {
                lock.unlock();
            }
        };
    }

    @Override
    public void close() {
        registry.destroy();
        connections.destroy();
    }
}

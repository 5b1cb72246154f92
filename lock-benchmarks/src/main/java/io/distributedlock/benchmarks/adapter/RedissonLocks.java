package io.distributedlock.benchmarks.adapter;

import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson with its defaults, but for the time after which a dead holder is forgotten: as long as ours. */
final class RedissonLocks implements LockClient {

    private static final long LEASE_MILLIS = 15_000;

    private final RedissonClient client;
    private final BiFunction<RedissonClient, String, Mutex> mutexes;

    private RedissonLocks(String address, BiFunction<RedissonClient, String, Mutex> mutexes) {
        Config config = new Config();
        config.setLockWatchdogTimeout(LEASE_MILLIS);
        config.useSingleServer().setAddress("redis://" + address);
        this.client = Redisson.create(config);
        this.mutexes = mutexes;
    }

    static RedissonLocks plain(String address) {
        return new RedissonLocks(address, (client, name) -> new Plain(client.getLock(name)));
    }

    static RedissonLocks fair(String address) {
        return new RedissonLocks(address, (client, name) -> new Plain(client.getFairLock(name)));
    }

    static RedissonLocks spin(String address) {
        return new RedissonLocks(address, (client, name) -> new Plain(client.getSpinLock(name)));
    }

    static RedissonLocks fenced(String address) {
        return new RedissonLocks(address, (client, name) -> new Fenced(client.getFencedLock(name)));
    }

    @Override
    public Mutex mutex(String name) {
        return mutexes.apply(client, name);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private record Plain(RLock lock) implements Mutex {

        @Override
        public long acquire() {
            lock.lock();
            return NO_TOKEN;
        }

        @Override
        public boolean tryAcquire() {
            return lock.tryLock();
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }

    private record Fenced(RFencedLock lock) implements Mutex {

        @Override
        public long acquire() {
            return lock.lockAndGetToken();
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }
}

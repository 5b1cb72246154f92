package io.distributedlock.testkit.contract;

import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.Collection;

/** The reference store. */
class InMemoryFixture implements BackendFixture {

    final InMemoryLockBackend one = new InMemoryLockBackend();
    final InMemoryLockBackend two = one.anotherClient();

    @Override
    public LockBackend one() {
        return one;
    }

    @Override
    public LockBackend two() {
        return two;
    }

    @Override
    public void expire(String name) {
        one.forceRelease(name).join();
    }

    @Override
    public Collection<String> leftovers() {
        return one.names();
    }

    @Override
    public Duration shortLease() {
        return Duration.ofMillis(300);
    }

    @Override
    public void close() {
        one.close();
        two.close();
    }
}

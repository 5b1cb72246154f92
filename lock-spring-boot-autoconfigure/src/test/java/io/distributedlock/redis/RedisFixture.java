package io.distributedlock.redis;

import io.distributedlock.testkit.contract.BackendFixture;
import java.util.Collection;
import java.util.Optional;

/** Two clients of one server, in a namespace of their own. */
final class RedisFixture implements BackendFixture {

    private final Redis redis;
    private final RedisLockBackend one;
    private final RedisLockBackend two;

    RedisFixture(String uri) {
        this.redis = new Redis(uri);
        this.one = redis.backend();
        this.two = redis.backendOfApplication();
    }

    @Override
    public RedisLockBackend one() {
        return one;
    }

    @Override
    public RedisLockBackend two() {
        return two;
    }

    @Override
    public void expire(String name) {
        redis.commands().del(redis.keys.lock(name));
    }

    @Override
    public Optional<String> holderOf(String name) {
        return Optional.ofNullable(redis.commands().get(redis.keys.lock(name)))
                .map(lock -> lock.substring(0, lock.indexOf(' ')))
                .filter(holder -> !holder.isEmpty());
    }

    @Override
    public Collection<String> leftovers() {
        return redis.leftovers();
    }

    @Override
    public boolean canLoseData() {
        return true;
    }

    @Override
    public void loseData() {
        redis.commands().flushall();
    }

    @Override
    public void close() {
        one.close();
        two.close();
        redis.close();
    }
}

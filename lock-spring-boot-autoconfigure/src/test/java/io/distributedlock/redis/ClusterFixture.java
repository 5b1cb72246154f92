package io.distributedlock.redis;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.contract.BackendFixture;
import java.util.Collection;
import java.util.Optional;

/** Two clients of one Cluster, one of them asked by threads that wait. */
final class ClusterFixture implements BackendFixture {

    private final RedisCluster redis;
    private final LockBackend one;
    private final LockBackend two;

    ClusterFixture(RedisCluster redis) {
        this.redis = redis;
        this.one = new InPlace(redis.backend());
        this.two = redis.backendOfApplication();
    }

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
        redis.commands().del(redis.keys.lock(name));
    }

    @Override
    public Optional<String> holderOf(String name) {
        return redis.stored.holderOf(name);
    }

    @Override
    public Collection<String> leftovers() {
        return redis.stored.leftovers();
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
    public void close() throws Exception {
        one.close();
        two.close();
        redis.close();
    }
}

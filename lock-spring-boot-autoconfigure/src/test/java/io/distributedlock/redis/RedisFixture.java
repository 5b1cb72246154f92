package io.distributedlock.redis;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.contract.BackendFixture;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Two clients of one server, in a namespace of their own. */
final class RedisFixture implements BackendFixture {

    private final Redis redis;
    private final SlowProxy proxy;
    private final LockBackend one;
    private final LockBackend two;

    RedisFixture(String uri) throws IOException {
        this(new Redis(uri), false);
    }

    /** @param inPlace whether all calls are those of threads that wait for the answer */
    RedisFixture(Redis redis, boolean inPlace) throws IOException {
        this.redis = redis;
        this.proxy = new SlowProxy(redis.uri.getPort());
        RedisURI far = RedisURI.create("127.0.0.1", proxy.port());
        this.one = inPlace ? new InPlace(redis.directBackend(far)) : redis.backend(far);
        this.two = inPlace ? new InPlace(redis.directBackend(redis.uri)) : redis.backendOfApplication();
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
    public boolean canDelayAnswers() {
        return true;
    }

    @Override
    public void delayAnswers(Duration delay) {
        proxy.delay(delay);
    }

    @Override
    public void close() throws Exception {
        proxy.delay(Duration.ZERO);
        one.close();
        two.close();
        redis.close();
        proxy.close();
    }
}

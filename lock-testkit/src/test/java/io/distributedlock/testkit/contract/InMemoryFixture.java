package io.distributedlock.testkit.contract;

import io.distributedlock.LockInfo;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The reference store. A subclass breaks it by what it wraps around the clients. */
class InMemoryFixture implements BackendFixture {

    final InMemoryLockBackend store = new InMemoryLockBackend();
    private final FaultyLockBackend one;
    private final LockBackend wrappedOne;
    private final LockBackend two;

    InMemoryFixture() {
        this(UnaryOperator.identity());
    }

    /** Answers to the first client can be delayed; what is wrapped around it sees them late. */
    InMemoryFixture(UnaryOperator<LockBackend> wrapper) {
        one = new FaultyLockBackend(store);
        wrappedOne = wrapper.apply(one);
        two = wrapper.apply(store.anotherClient());
    }

    @Override
    public LockBackend one() {
        return wrappedOne;
    }

    @Override
    public LockBackend two() {
        return two;
    }

    @Override
    public void expire(String name) {
        store.forceRelease(name).join();
    }

    @Override
    public Optional<String> holderOf(String name) {
        return store.inspect(name).join().holders().stream()
                .map(LockInfo.Holder::holder)
                .findFirst();
    }

    @Override
    public Collection<String> leftovers() {
        return store.names();
    }

    @Override
    public boolean canLoseData() {
        return true;
    }

    @Override
    public void loseData() {
        store.names().forEach(this::expire);
    }

    @Override
    public boolean canDelayAnswers() {
        return true;
    }

    @Override
    public void delayAnswers(Duration delay) {
        one.delayAnswers(delay);
    }

    @Override
    public Duration shortLease() {
        return Duration.ofMillis(500);
    }

    @Override
    public void close() {
        wrappedOne.close();
        two.close();
    }
}

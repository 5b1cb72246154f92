package io.distributedlock.testkit.contract;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Changes nothing; what extends it breaks one thing. */
class ForwardingBackend implements LockBackend {

    final LockBackend store;

    ForwardingBackend(LockBackend store) {
        this.store = store;
    }

    @Override
    public BackendCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public String description() {
        return store.description();
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        return store.acquire(claim);
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        return CompletableFuture.completedFuture(
                grants.stream().map(grant -> renew(grant)).toList());
    }

    Renewal renew(LockGrant grant) {
        return store.renew(List.of(grant)).join().get(0);
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        return store.release(claim, keep);
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return store.inspect(name);
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return store.forceRelease(name);
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return store.check();
    }

    @Override
    public void close() {
        store.close();
    }

    Optional<LockInfo.Holder> holderOf(String name) {
        return store.inspect(name).join().holders().stream().findFirst();
    }

    static LockClaim named(LockClaim claim, String name, String holder) {
        return new LockClaim(
                name,
                holder,
                claim.mode(),
                claim.permits(),
                claim.leaseTime(),
                claim.lockDelay(),
                claim.minHold(),
                claim.waitTime(),
                claim.tokens(),
                claim.info());
    }

    static LockGrant withToken(LockGrant grant, long token) {
        return new LockGrant(grant.claim(), token, grant.tokens(), grant.validFromNanos(), grant.lease());
    }

    static Executor in(Duration time) {
        return CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}

package io.distributedlock.redis;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks in place whatever is asked for. */
record InPlace(LockBackend store) implements LockBackend {

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
        return store.acquireInPlace(claim);
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        return store.renew(grants);
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        return store.releaseInPlace(claim, keep);
    }

    @Override
    public Succession releaseThenAcquire(LockClaim ended, Duration keep, LockClaim next) {
        return store.releaseThenAcquire(ended, keep, next);
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
}

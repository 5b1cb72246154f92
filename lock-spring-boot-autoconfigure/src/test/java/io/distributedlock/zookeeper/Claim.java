package io.distributedlock.zookeeper;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Words for tests. */
final class Claim {

    static final HolderInfo WHO = new HolderInfo("orders & co", "host:1", "main=1");

    private static final Duration LONG = Duration.ofMinutes(1);

    private Claim() {}

    /** Does not wait. */
    static LockClaim claim(String name) {
        return new LockClaim(
                name,
                UUID.randomUUID().toString(),
                LockMode.EXCLUSIVE,
                0,
                LONG,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                1,
                WHO);
    }

    static LockClaim patient(String name) {
        return claim(name).withWaitTime(LONG);
    }

    static LockGrant grant(LockBackend backend, LockClaim claim) throws Exception {
        Optional<LockGrant> grant = get(backend.acquire(claim));
        return grant.orElseThrow(() -> new AssertionError("Lock '" + claim.name() + "' was not granted"));
    }

    static boolean release(LockBackend backend, LockClaim claim) throws Exception {
        return get(backend.release(claim, Duration.ZERO));
    }

    static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }
}

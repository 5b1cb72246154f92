package io.distributedlock.redis;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.LockClaim;
import java.time.Duration;
import java.util.UUID;

/** Claims for tests. */
final class Claims {

    private Claims() {}

    static LockClaim claim(String name, Duration lease, Duration wait) {
        return claim(name, lease, wait, Duration.ZERO, 1);
    }

    static LockClaim claim(String name, Duration lease, Duration wait, Duration minHold, int tokens) {
        return new LockClaim(
                name,
                UUID.randomUUID().toString(),
                LockMode.EXCLUSIVE,
                0,
                lease,
                Duration.ZERO,
                minHold,
                wait,
                tokens,
                new HolderInfo("shop", "host:1", "main thread"));
    }
}

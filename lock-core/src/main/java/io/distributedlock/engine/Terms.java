package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockRequest;
import io.distributedlock.spi.LockClaim;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request with every default filled in.
 *
 * @param request what the caller asked for
 * @param waitTime zero = do not wait
 * @param leaseTime of the claim
 * @param maxHoldTime {@code null} = no bound
 * @param lockDelay of the claim
 * @param info who asks
 * @param acquiredBy the caller's stack, for a lease that may be forgotten; {@code null} for one that will be closed
 */
record Terms(
        LockRequest request,
        Duration waitTime,
        Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration lockDelay,
        HolderInfo info,
        @Nullable String acquiredBy) {

    String name() {
        return request.name();
    }

    Terms withWaitTime(Duration left) {
        return new Terms(request, left, leaseTime, maxHoldTime, lockDelay, info, acquiredBy);
    }

    /** A claim with a holder of its own. */
    LockClaim newClaim(Duration wait) {
        return new LockClaim(
                name(),
                UUID.randomUUID().toString(),
                request.mode(),
                request.permits(),
                leaseTime,
                lockDelay,
                request.minHoldTime(),
                wait,
                1,
                info);
    }
}

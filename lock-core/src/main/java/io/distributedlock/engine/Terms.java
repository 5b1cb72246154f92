package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockRequest;
import io.distributedlock.spi.LockClaim;
import java.time.Duration;
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
 * @param acquiredBy where in the code, for a lease that may be forgotten; {@code null} for one that will be closed
 * @param askedWaitTime what the caller asked for; as part of a group, {@code waitTime} is what others have left of it
 * @param askedSince when the group began to wait; {@code null} outside of groups
 */
record Terms(
        LockRequest request,
        Duration waitTime,
        Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration lockDelay,
        HolderInfo info,
        @Nullable String acquiredBy,
        Duration askedWaitTime,
        @Nullable Moment askedSince) {

    String name() {
        return request.name();
    }

    /** As one of a group that began to wait earlier. */
    Terms withinGroup(Duration left, Duration groupWaitTime, Moment groupSince) {
        return new Terms(request, left, leaseTime, maxHoldTime, lockDelay, info, acquiredBy, groupWaitTime, groupSince);
    }

    /** A claim with a holder of its own. */
    LockClaim newClaim(Duration wait, int tokens) {
        return claim(HolderIds.next().toString(), wait, tokens);
    }

    /** The claim of a holder. */
    LockClaim claim(String holder, Duration wait, int tokens) {
        return new LockClaim(
                name(),
                holder,
                request.mode(),
                request.permits(),
                leaseTime,
                lockDelay,
                request.minHoldTime(),
                wait,
                tokens,
                info);
    }
}

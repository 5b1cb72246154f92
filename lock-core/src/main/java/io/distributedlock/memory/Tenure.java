package io.distributedlock.memory;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a name is taken: somebody has a grant, or it is kept without an owner. Arithmetic over {@code nanoTime} readings,
 * no clock of its own.
 *
 * @param grant {@code null} for a name that is kept without an owner
 * @param since when it began, for people
 * @param takenUntil end of the lease, with lock-delay and minHold
 */
record Tenure(@Nullable LockGrant grant, Instant since, long takenUntil) {

    static Tenure granted(LockClaim claim, long token, long now) {
        long lease = claim.leaseTime().plus(claim.lockDelay()).toNanos();
        return new Tenure(
                new LockGrant(claim, token, claim.tokens(), now, claim.leaseTime()),
                Instant.now(),
                now + Math.max(lease, claim.minHold().toNanos()));
    }

    static Tenure kept(Duration keep, long now) {
        return new Tenure(null, Instant.now(), now + keep.toNanos());
    }

    boolean isOver(long now) {
        return now - takenUntil >= 0;
    }

    @Nullable
    LockGrant grantOf(String holder) {
        return grant != null && grant.claim().holder().equals(holder) ? grant : null;
    }

    /** Never shortens: neither the lease as its holder knows it nor the time for which the name is taken. */
    Tenure renewed(LockGrant held, LockClaim claim, long now) {
        long left = held.validFromNanos() + held.lease().toNanos() - now;
        Duration lease = Duration.ofNanos(Math.max(left, claim.leaseTime().toNanos()));
        long takenFor = Math.max(
                takenUntil - now, claim.leaseTime().plus(claim.lockDelay()).toNanos());
        return new Tenure(new LockGrant(claim, held.token(), held.tokens(), now, lease), since, now + takenFor);
    }
}

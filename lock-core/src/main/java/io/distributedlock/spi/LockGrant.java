package io.distributedlock.spi;

import java.time.Duration;

/**
 * What a store answers to a claim that got the lock.
 *
 * @param claim the claim
 * @param token the fencing token, the first of a range when several were reserved: positive, at most 2^53 − 1, greater
 *     than every token of this lock before
 * @param tokens how many tokens were reserved, at least 1
 * @param validFromNanos a {@link System#nanoTime()} reading <em>not later</em> than the moment at which the store started
 *     to count this lease; usually taken before the request was sent
 * @param lease the length of the lease as granted, without lock-delay
 */
public record LockGrant(LockClaim claim, long token, int tokens, long validFromNanos, Duration lease) {

    /** The greatest token: Lua, JSON and JavaScript count exactly up to here. */
    public static final long MAX_TOKEN = (1L << 53) - 1;

    /** Refuses a grant that would break its promises. */
    public LockGrant {
        if (tokens < 1 || token < 1 || token > MAX_TOKEN - (tokens - 1)) {
            throw new IllegalArgumentException(
                    "The fencing token of lock '%s' must be between 1 and 2^53 - 1, but was %d (range of %d)"
                            .formatted(claim.name(), token, tokens));
        }
    }

    /**
     * The same grant for a claim with another lease time.
     *
     * @param lease the lease time to renew with
     * @return a changed copy
     */
    public LockGrant renewedWith(Duration lease) {
        return new LockGrant(claim.withLeaseTime(lease), token, tokens, validFromNanos, this.lease);
    }
}

package io.distributedlock.spi;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import java.time.Duration;

/**
 * One attempt to get a lock. The same claim may be sent more than once, for instance after a lost answer: a store
 * recognises it by its holder and answers with the same grant.
 *
 * @param name the lock, without namespace
 * @param holder random id, never used for another claim
 * @param mode exclusive or shared
 * @param permits by how many holders a shared lock may be held; 0 = no limit
 * @param leaseTime how long the store shall keep the lock without a renewal
 * @param lockDelay how much longer a lock stays taken after its lease has run out
 * @param minHold how long the lock stays taken at least, counted from the grant
 * @param waitTime how long to wait for the lock; zero = answer at once
 * @param tokens how many tokens to reserve, at least 1
 * @param info who asks
 */
public record LockClaim(
        String name,
        String holder,
        LockMode mode,
        int permits,
        Duration leaseTime,
        Duration lockDelay,
        Duration minHold,
        Duration waitTime,
        int tokens,
        HolderInfo info) {

    /**
     * The same claim with another wait time, for asking again.
     *
     * @param left what is left of the wait time
     * @return a changed copy
     */
    public LockClaim withWaitTime(Duration left) {
        return new LockClaim(name, holder, mode, permits, leaseTime, lockDelay, minHold, left, tokens, info);
    }

    /**
     * The same claim with another lease time, for renewing differently than it was acquired.
     *
     * @param lease the new lease time
     * @return a changed copy
     */
    public LockClaim withLeaseTime(Duration lease) {
        return new LockClaim(name, holder, mode, permits, lease, lockDelay, minHold, waitTime, tokens, info);
    }
}

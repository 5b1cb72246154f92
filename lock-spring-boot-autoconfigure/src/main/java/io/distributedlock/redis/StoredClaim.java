package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import java.time.Duration;

/**
 * A claim as it stands in a queue in the store. By its very text it is found there again, so a claim that asks again sends
 * the same.
 *
 * @param holder as the store knows it
 * @param terms inbox, claim time, lock-delay and wait time
 * @param tokens how many tokens it wants
 * @param info application, instance and thread
 * @param waits whether it was made for a claim that waits; one that does not is in no queue
 */
record StoredClaim(String holder, String terms, int tokens, String info, boolean waits) {

    /** How long a lock that was handed over is kept for a holder that has not renewed it yet. */
    private static final Duration CLAIM_TIME = Duration.ofSeconds(2);

    static StoredClaim of(LockClaim claim, String inbox) {
        Duration handedOff = claim.leaseTime().compareTo(CLAIM_TIME) < 0 ? claim.leaseTime() : CLAIM_TIME;
        return new StoredClaim(
                Field.encode(claim.holder()),
                inbox
                        + ' '
                        + Field.millis(handedOff)
                        + ' '
                        + Field.millis(claim.lockDelay())
                        + ' '
                        + Field.millis(claim.waitTime()),
                claim.tokens(),
                Field.encode(claim.info()),
                !claim.waitTime().isZero());
    }

    String text() {
        return holder + ' ' + terms + ' ' + tokens + ' ' + info;
    }
}

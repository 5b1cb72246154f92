package io.distributedlock.engine;

import io.distributedlock.spi.LockGrant;
import java.time.Duration;

/**
 * How one grant of the store passes through the hands of this instance's callers, each of which gets a token of its range.
 *
 * @param grant as the store knows it: its holder, its first token, and the lease time of whoever has it now
 * @param handOffs how often it was handed on here
 * @param since when it came to this instance
 */
record Tenure(LockGrant grant, int handOffs, Moment since) {

    /** Of whoever has it now. */
    long token() {
        return grant.token() + handOffs;
    }

    Tenure handedOn(Duration leaseTime) {
        return new Tenure(grant.renewedWith(leaseTime), handOffs + 1, since);
    }

    /** Other instances must get their turn, and each caller a token of its own. */
    boolean mayBeHandedOn(EngineSettings settings, Moment now) {
        return handOffs < Math.min(settings.localHandOffs(), grant.tokens() - 1) && nanosLeft(settings, now) > 0;
    }

    /** For how long it may still be handed on. */
    long nanosLeft(EngineSettings settings, Moment now) {
        return settings.localHandOffTime().toNanos() - now.nanosSince(since);
    }
}

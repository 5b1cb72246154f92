package io.distributedlock.zookeeper;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When the session was last proven to live, and what that is worth.
 *
 * <p>A proof is the answer to a write or a sync, counted from when the request was sent. Both pass the leader, which
 * alone decides about sessions; a read is no proof, because a server that was cut off from its leader answers reads for
 * seconds after the leader has given the session up.
 *
 * <p>A proof is worth two thirds of the session timeout. The last third covers what the leader may not have heard of
 * when a server dies right after its answer: servers report their clients to it twice a tick, and a session has at least
 * two ticks.
 */
final class SessionProof {

    private long session;
    private long sentNanos;

    /** An answer came; only one that was asked and answered within the same session tells something. */
    synchronized void answered(long sessionBefore, long sessionAfter, long sent) {
        if (sessionBefore == 0 || sessionBefore != sessionAfter) {
            return;
        }
        if (session != sessionAfter || sent - sentNanos > 0) {
            session = sessionAfter;
            sentNanos = sent;
        }
    }

    synchronized OptionalLong of(long wanted) {
        return wanted != 0 && wanted == session ? OptionalLong.of(sentNanos) : OptionalLong.empty();
    }

    static Duration worth(Duration sessionTimeout) {
        // A Duration multiplies and divides by way of BigDecimal: microseconds, each time somebody waits for the lock.
        return Duration.ofNanos(sessionTimeout.toNanos() * 2 / 3);
    }
}

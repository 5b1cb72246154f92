package io.distributedlock.zookeeper;

import io.distributedlock.spi.LockClaim;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What all claims of this instance share: one connection, one session, the nodes above them and a timer. */
record Session(Connection connection, SessionProof proof, LockNodes nodes, ScheduledExecutorService timer) {

    /** Requests whose answers are told in turns with other work. */
    Requests requests(Executor turns) {
        return new Requests(connection, proof, turns);
    }

    /** Doubt is not an end: while there is no new session yet, the old one may still come back. */
    boolean isOver(long session) {
        long current = connection.sessionId();
        return current != 0 && current != session;
    }

    /**
     * The lease a claim gets: never longer than a proof of the session is worth. The lock-delay is the end of the session
     * in which nobody here believes in the lock any more, and nobody else gets it yet.
     */
    Duration leaseOf(LockClaim claim) {
        Duration most = SessionProof.worth(connection.sessionTimeout().minus(claim.lockDelay()));
        Duration lease = claim.leaseTime().compareTo(most) < 0 ? claim.leaseTime() : most;
        return lease.isNegative() ? Duration.ZERO : lease;
    }

    /** Why a claim cannot have its lock-delay: too little is left of the session as the server granted it. */
    @Nullable
    IOException refusalOf(LockClaim claim) {
        Duration longest = connection.sessionTimeout().minus(ZooKeeperSettings.MIN_SESSION_TIMEOUT);
        if (claim.lockDelay().isZero() || claim.lockDelay().compareTo(longest) <= 0) {
            return null;
        }
        return new IOException(
                ("Lock '%s' has a lock-delay of %s, but ZooKeeper at %s ends a session after %s of silence, which leaves at"
                                + " most %s; shorten the delay, or lengthen the session, which the server's"
                                + " maxSessionTimeout bounds")
                        .formatted(
                                claim.name(),
                                claim.lockDelay(),
                                connection.address(),
                                connection.sessionTimeout(),
                                longest));
    }
}

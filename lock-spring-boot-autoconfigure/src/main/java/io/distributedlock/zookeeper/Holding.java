package io.distributedlock.zookeeper;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A claim that has the lock: as long as its node stands and the session that made the node lives. */
final class Holding {

    private final Session session;
    private final String path;
    private final ClaimNode node;
    private final long token;
    private final int tokens;
    private @Nullable NodeWatch watch;
    private boolean gone;
    private long validUntilNanos;

    Holding(Session session, String lock, ClaimNode node, int tokens) {
        this.session = session;
        this.path = lock + "/" + node.node();
        this.node = node;
        this.token = FencingTokens.first(node.czxid());
        this.tokens = Math.min(tokens, FencingTokens.PER_GRANT);
    }

    ClaimNode node() {
        return node;
    }

    LockGrant grant(LockClaim claim, long provenAtNanos) {
        Duration lease = session.leaseOf(claim.leaseTime());
        validUntilNanos = provenAtNanos + lease.toNanos();
        return new LockGrant(claim, token, tokens, provenAtNanos, lease);
    }

    boolean has(LockGrant grant) {
        return grant.token() == token && !isLost();
    }

    boolean isLost() {
        return gone || session.isOver(node.session());
    }

    /**
     * Lets us hear when somebody takes the node away. Set by the first renewal, since most leases are over before; from
     * then on renewals cost no request for each lock: what happened to the node is told before a later sync is answered.
     */
    CompletableFuture<?> watch() {
        if (watch != null) {
            return CompletableFuture.completedFuture(null);
        }
        NodeWatch set = new NodeWatch(path, session.thread(), this::nodeGone);
        watch = set;
        return set.set(session.requests()).whenComplete((answer, failure) -> {
            if (failure != null) {
                watch = null;
            } else if (answer.isNoNode()) {
                nodeGone();
            }
        });
    }

    Renewal renewed(LockGrant grant) {
        OptionalLong proven = session.proof().of(node.session());
        if (proven.isEmpty() || !has(grant)) {
            return new Renewal.NotHeld();
        }
        long from = proven.getAsLong();
        long until = from + session.leaseOf(grant.claim().leaseTime()).toNanos();
        if (until - validUntilNanos > 0) {
            validUntilNanos = until;
        }
        return new Renewal.Renewed(from, Duration.ofNanos(validUntilNanos - from));
    }

    private void nodeGone() {
        gone = true;
    }
}

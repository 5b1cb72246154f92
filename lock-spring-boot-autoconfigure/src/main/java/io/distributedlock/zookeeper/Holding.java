package io.distributedlock.zookeeper;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.zookeeper.NodeWatch.News;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A claim that has the lock: as long as its node stands and the session that made the node lives. */
final class Holding {

    private final Session session;
    private final String path;
    private final ClaimNode node;
    private final long token;
    private final int tokens;
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicLong validUntilNanos = new AtomicLong();
    private volatile boolean gone;
    private volatile boolean givenUp;

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
        Duration lease = session.leaseOf(claim);
        validUntilNanos.set(provenAtNanos + lease.toNanos());
        return new LockGrant(claim, token, tokens, provenAtNanos, lease);
    }

    boolean has(LockGrant grant) {
        return grant.token() == token && !givenUp && !isLost();
    }

    /** Its holder does not have it any more, though the node stays until the lock-delay is over. */
    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    boolean isLost() {
        return gone || session.isOver(node.session());
    }

    /**
     * Lets us hear when somebody takes the node away. Set by the first renewal, since most leases are over before; from
     * then on renewals cost no request for each lock: what happened to the node is told before a later sync is answered.
     */
    CompletableFuture<?> watch(Requests requests) {
        if (!watched.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        return new NodeWatch(path, (watch, news) -> heard(news)).set(requests).whenComplete((answer, failure) -> {
            if (failure != null) {
                watched.set(false);
            } else if (answer.isNoNode()) {
                gone = true;
            }
        });
    }

    Renewal renewed(LockGrant grant) {
        OptionalLong proven = session.proof().of(node.session());
        if (proven.isEmpty() || !has(grant)) {
            return new Renewal.NotHeld();
        }
        long from = proven.getAsLong();
        long until = from + session.leaseOf(grant.claim()).toNanos();
        long latest = validUntilNanos.accumulateAndGet(until, (a, b) -> a - b > 0 ? a : b);
        return new Renewal.Renewed(from, Duration.ofNanos(latest - from));
    }

    private void heard(News news) {
        if (news == News.CHANGED) {
            watched.set(false);
        } else {
            gone = true;
        }
    }
}

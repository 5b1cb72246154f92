package io.distributedlock.testkit.contract;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Gives tokens that do not order grants. */
final class FlawedTokens {

    /** By name; both clients forget together. */
    private static final Map<String, Long> UNRELEASED = new ConcurrentHashMap<>();

    private static final Map<String, Long> FORGOTTEN = new ConcurrentHashMap<>();

    private FlawedTokens() {}

    static LockBackend retryRaisesTheToken(LockBackend backend) {
        Map<String, Long> asked = new ConcurrentHashMap<>();
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim)
                        .thenApply(granted -> granted.map(grant ->
                                withToken(grant, grant.token() + asked.merge(claim.holder(), 1L, Long::sum) - 1)));
            }
        };
    }

    static LockBackend rangesOverlap(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                LockClaim one = new LockClaim(
                        claim.name(),
                        claim.holder(),
                        claim.mode(),
                        claim.permits(),
                        claim.leaseTime(),
                        claim.lockDelay(),
                        claim.minHold(),
                        claim.waitTime(),
                        1,
                        claim.info());
                return super.acquire(one)
                        .thenApply(granted -> granted.map(grant -> new LockGrant(
                                claim, grant.token(), claim.tokens(), grant.validFromNanos(), grant.lease())));
            }
        };
    }

    static LockBackend forcedReleaseForgetsTheToken(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Long> forceRelease(String name) {
                return super.forceRelease(name).thenApply(token -> 1L);
            }
        };
    }

    static LockBackend tokensRestart(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim).thenApply(granted -> granted.map(this::counted));
            }

            private LockGrant counted(LockGrant grant) {
                String name = grant.claim().name();
                Long unreleased = UNRELEASED.put(name, grant.token());
                if (unreleased != null && unreleased != grant.token()) {
                    FORGOTTEN.put(name, grant.token() - 1);
                }
                return withToken(grant, grant.token() - FORGOTTEN.getOrDefault(name, 0L));
            }

            @Override
            Renewal renew(LockGrant grant) {
                long forgotten = FORGOTTEN.getOrDefault(grant.claim().name(), 0L);
                return super.renew(withToken(grant, grant.token() + forgotten));
            }

            @Override
            public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
                if (holderOf(claim.name())
                        .filter(it -> it.holder().equals(claim.holder()))
                        .isPresent()) {
                    UNRELEASED.remove(claim.name());
                }
                return super.release(claim, keep);
            }
        };
    }
}

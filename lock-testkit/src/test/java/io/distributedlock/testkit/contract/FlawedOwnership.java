package io.distributedlock.testkit.contract;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Forgets whose a lock is. */
final class FlawedOwnership {

    private FlawedOwnership() {}

    static LockBackend releaseWithoutOwnerCheck(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
                LockClaim anybody = holderOf(claim.name())
                        .map(holder -> named(claim, claim.name(), holder.holder()))
                        .orElse(claim);
                return super.release(claim, keep)
                        .thenCombine(super.release(anybody, keep), (own, foreign) -> own || foreign);
            }
        };
    }

    static LockBackend renewalWithoutTokenCheck(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            Renewal renew(LockGrant grant) {
                return super.renew(holderOf(grant.claim().name())
                        .map(holder -> withToken(grant, holder.fencingToken()))
                        .orElse(grant));
            }
        };
    }

    static LockBackend renewalRevives(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            Renewal renew(LockGrant grant) {
                if (holderOf(grant.claim().name()).isPresent()) {
                    return super.renew(grant);
                }
                return acquire(grant.claim())
                        .join()
                        .<Renewal>map(again -> new Renewal.Renewed(again.validFromNanos(), again.lease()))
                        .orElseGet(Renewal.NotHeld::new);
            }
        };
    }

    static LockBackend renewalWithoutALook(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            Renewal renew(LockGrant grant) {
                long sent = System.nanoTime();
                return super.renew(grant) instanceof Renewal.Renewed renewed
                        ? renewed
                        : new Renewal.Renewed(sent, grant.claim().leaseTime());
            }
        };
    }

    static LockBackend renewalShortens(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            Renewal renew(LockGrant grant) {
                Duration lease = grant.claim().leaseTime();
                if (lease.compareTo(grant.lease()) < 0) {
                    in(lease).execute(() -> release(grant.claim(), Duration.ZERO));
                }
                return super.renew(grant);
            }
        };
    }

    static LockBackend forgetsOthersInABatch(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
                return super.renew(grants)
                        .thenApply(renewals -> renewals.stream()
                                .map(renewal ->
                                        renewals.contains(new Renewal.NotHeld()) ? new Renewal.NotHeld() : renewal)
                                .toList());
            }
        };
    }

    static LockBackend keepIgnored(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
                return super.release(claim, Duration.ZERO);
            }
        };
    }

    static LockBackend namesCollide(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(named(claim, claim.name().toLowerCase(Locale.ROOT), claim.holder()));
            }
        };
    }

    static LockBackend closingLeavesTheQueue(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public void close() {
                // Its claims wait on.
            }
        };
    }

    static LockBackend tracesOfManyNames(LockBackend backend) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                names.add(claim.name());
                // A few would disturb every clause.
                if (names.size() == 150) {
                    store.acquire(named(claim, "trace", claim.holder())).join();
                }
                return super.acquire(claim);
            }
        };
    }
}

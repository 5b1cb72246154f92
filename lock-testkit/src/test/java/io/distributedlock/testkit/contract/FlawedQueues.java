package io.distributedlock.testkit.contract;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Waits wrongly, or grants what is held. */
final class FlawedQueues {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private FlawedQueues() {}

    static LockBackend withdrawalLeavesTheQueueEntry(LockBackend backend) {
        Map<String, CompletableFuture<Optional<LockGrant>>> waiting = new ConcurrentHashMap<>();
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                CompletableFuture<Optional<LockGrant>> answer =
                        super.acquire(claim).thenApply(granted -> granted);
                waiting.put(claim.holder(), answer);
                return answer;
            }

            @Override
            public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
                CompletableFuture<Optional<LockGrant>> answer = waiting.get(claim.holder());
                return answer != null && answer.complete(Optional.empty())
                        ? CompletableFuture.completedFuture(false)
                        : super.release(claim, keep);
            }
        };
    }

    static LockBackend timeOutLeavesTheQueueEntry(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                if (claim.waitTime().isZero()) {
                    return super.acquire(claim);
                }
                CompletableFuture<Optional<LockGrant>> answer =
                        super.acquire(claim.withWaitTime(FOR_EVER)).thenApply(granted -> granted);
                in(claim.waitTime()).execute(() -> answer.complete(Optional.empty()));
                return answer;
            }
        };
    }

    static LockBackend acquiresBeforeItReleases(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public Succession releaseThenAcquire(LockClaim ended, Duration keep, LockClaim next) {
                CompletableFuture<Optional<LockGrant>> acquired = acquire(next);
                return new Succession(release(ended, keep), acquired);
            }
        };
    }

    static LockBackend missedWakeUp(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                CompletableFuture<Optional<LockGrant>> answer = super.acquire(claim);
                if (claim.waitTime().isZero() || answer.isDone()) {
                    return answer;
                }
                // Nobody tells the waiter: it looks again when its wait time is over.
                return answer.thenCompose(granted -> granted.isEmpty()
                        ? CompletableFuture.completedFuture(granted)
                        : CompletableFuture.supplyAsync(() -> granted, in(claim.waitTime())));
            }
        };
    }

    static LockBackend waitTimeCutShort(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim.withWaitTime(claim.waitTime().dividedBy(2)));
            }
        };
    }

    static LockBackend waitTimeIgnored(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim.waitTime().isZero() ? claim : claim.withWaitTime(FOR_EVER));
            }
        };
    }

    static LockBackend zeroWaits(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim.waitTime().isZero() ? claim.withWaitTime(FOR_EVER) : claim);
            }
        };
    }

    static LockBackend grantsWhenCrowded(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                // Only contention shows it: with others before it, a claim believes that the lock is free.
                if (claim.name().matches(".*-[0-2]")
                        && store.inspect(claim.name()).join().waiters() > 0) {
                    return store.acquire(named(claim, claim.name() + "'", claim.holder()))
                            .thenApply(granted -> granted.map(grant -> new LockGrant(
                                    claim, grant.token(), grant.tokens(), grant.validFromNanos(), grant.lease())));
                }
                return super.acquire(claim);
            }

            @Override
            public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
                return super.release(named(claim, claim.name() + "'", claim.holder()), keep)
                        .thenCombine(super.release(claim, keep), (crowd, own) -> crowd || own);
            }
        };
    }

    static LockBackend queueJumping(LockBackend backend) {
        Map<String, LockClaim> second = new ConcurrentHashMap<>();
        Map<String, CompletableFuture<Optional<LockGrant>>> jumped = new ConcurrentHashMap<>();
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                int before = store.inspect(claim.name()).join().waiters();
                CompletableFuture<Optional<LockGrant>> answer = super.acquire(claim);
                if (before == 1 && !answer.isDone()) {
                    second.put(claim.name(), claim);
                    return answer.thenCompose(granted -> {
                        CompletableFuture<Optional<LockGrant>> later = jumped.remove(claim.holder());
                        return later == null ? CompletableFuture.completedFuture(granted) : later;
                    });
                }
                LockClaim victim = before >= 3 ? second.remove(claim.name()) : null;
                if (victim != null) {
                    CompletableFuture<Optional<LockGrant>> later = new CompletableFuture<>();
                    jumped.put(victim.holder(), later);
                    store.release(victim, Duration.ZERO).join();
                    store.acquire(victim).thenAccept(later::complete);
                }
                return answer;
            }
        };
    }
}

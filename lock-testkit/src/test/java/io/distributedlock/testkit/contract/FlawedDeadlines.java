package io.distributedlock.testkit.contract;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Believes in a lease for too long. */
final class FlawedDeadlines {

    private FlawedDeadlines() {}

    static LockBackend leaseCountedFromTheAnswer(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
                return super.acquire(claim)
                        .thenApply(granted -> granted.map(grant ->
                                new LockGrant(claim, grant.token(), grant.tokens(), System.nanoTime(), grant.lease())));
            }
        };
    }

    static LockBackend renewalCountedFromTheAnswer(LockBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            Renewal renew(LockGrant grant) {
                return super.renew(grant) instanceof Renewal.Renewed renewed
                        ? new Renewal.Renewed(System.nanoTime(), renewed.lease())
                        : new Renewal.NotHeld();
            }
        };
    }
}

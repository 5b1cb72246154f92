package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.spi.LockGrant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("renewal")
class RenewalTests extends EngineFixture {

    @Test
    void goesOutInBatchesOfAtMostTwoHundred() {
        List<Lease> leases = IntStream.range(0, 500)
                .mapToObj(i -> engine.acquireAsync(LockRequest.of("n" + i)).join())
                .toList();
        time.pass(ofMillis(5_100));
        assertThat(backend.renewals)
                .hasSize(3)
                .allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(200));
        assertThat(backend.renewals.stream().mapToInt(List::size).sum()).isEqualTo(500);
        leases.forEach(Lease::close);
    }

    @Test
    void asksForTheLeaseTimeOfTheCallerThatGotTheLock() {
        Lease first = other.acquire(order);
        CompletableFuture<Lease> head = engine.acquireAsync(order);
        CompletableFuture<Lease> heir = engine.acquireAsync(order.leaseTime(ofMinutes(1)));
        head.cancel(true);
        first.close();
        time.pass(ofSeconds(6));
        assertThat(heir.join().remaining()).isGreaterThan(ofSeconds(40));
        assertThat(backend.renewals.get(0))
                .extracting(LockGrant::claim)
                .allSatisfy(claim -> assertThat(claim.leaseTime()).isEqualTo(ofMinutes(1)));
        heir.join().close();
    }
}

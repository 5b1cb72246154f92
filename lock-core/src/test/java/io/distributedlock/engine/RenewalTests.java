package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.spi.Renewal;
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
    void ofWhichNothingIsKnownHarmsNoneOfTheOthers() {
        Lease silent = engine.acquireAsync(LockRequest.of("silent").leaseTime(ofSeconds(15)))
                .join();
        Lease answered = engine.acquireAsync(LockRequest.of("answered").leaseTime(ofSeconds(15)))
                .join();
        backend.renewing = real -> real.thenApply(answers ->
                List.of(new Renewal.Unknown(new IllegalStateException("one server is down")), answers.get(1)));
        time.pass(ofMillis(5_100));
        assertThat(backend.renewals.get(0)).hasSize(2);
        backend.renewing = real -> CompletableFuture.failedFuture(new IllegalStateException("all servers are down"));
        time.pass(ofSeconds(10));
        assertThat(silent.isHeld()).isFalse();
        assertThat(answered.isHeld()).isTrue();
        silent.close();
        answered.close();
    }

    @Test
    void ofWhichNothingIsKnownIsAskedForAgain() {
        Lease lease = engine.acquireAsync(order).join();
        backend.renewing = real -> real.thenApply(
                answers -> List.of(new Renewal.Unknown(new IllegalStateException("one server is down"))));
        time.pass(ofMillis(5_100));
        backend.renewing = real -> real;
        time.pass(ofSeconds(12));
        assertThat(lease.isHeld()).isTrue();
        lease.close();
    }
}

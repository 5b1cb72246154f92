package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import java.util.List;
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
}

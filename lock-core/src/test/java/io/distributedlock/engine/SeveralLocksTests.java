package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("several locks")
class SeveralLocksTests extends EngineFixture {

    @Test
    void areTakenInTheOrderOfTheirNamesAndOnce() {
        try (LeaseGroup group = engine.acquireAll(List.of(request("b"), request("a"), request("b")))) {
            assertThat(group.leases()).extracting(Lease::name).containsExactly("a", "b");
            assertThat(engine.current("a")).isPresent();
            assertThatThrownBy(engine::current)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by name");
        }
    }

    @Test
    void areAllGivenBackWhenOneIsNotToBeHad() {
        try (Lease lease = other.acquire(request("b"))) {
            List<LockRequest> both =
                    List.of(request("a").waitTime(ZERO), request("b").waitTime(ZERO));
            assertThatThrownBy(() -> engine.acquireAll(both))
                    .isInstanceOf(LockNotAcquiredException.class)
                    .hasMessageContaining("'b'");
            assertThat(store.inspect("a").join().holders()).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void sayWhatTheyHaveWaitedTogetherWhenOneIsNotToBeHad() {
        try (Lease lease = other.acquire(request("b"))) {
            List<LockRequest> both = List.of(request("a"), request("b").waitTime(ofSeconds(2)));
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread caller = new Thread(() -> failure.complete(catchThrowable(() -> engine.acquireAll(both))));
            caller.start();
            Awaitility.await().until(() -> caller.getState() == Thread.State.WAITING);
            time.pass(ofSeconds(2));
            assertThat(failure)
                    .succeedsWithin(ofSeconds(10))
                    .asInstanceOf(InstanceOfAssertFactories.throwable(LockNotAcquiredException.class))
                    .hasMessageContaining("'b'")
                    .hasMessageContaining("waitTime of PT2S")
                    .hasMessageContaining("fencing token " + lease.fencingToken());
        }
    }

    private LockRequest request(String name) {
        return LockRequest.of(name).leaseTime(ofSeconds(15));
    }
}

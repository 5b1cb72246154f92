package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockNotAcquiredException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a caller who waits")
class WaitingTests extends EngineFixture {

    @Test
    void isToldAfterExactlyItsWaitTimeWhoHasTheLock() {
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
            time.pass(ofMillis(2_999));
            assertThat(waiting).isNotDone();
            time.pass(ofMillis(1));
            assertThatThrownBy(waiting::join)
                    .hasCauseInstanceOf(LockNotAcquiredException.class)
                    .hasMessageContaining("order:42")
                    .hasMessageContaining("PT3S")
                    .hasMessageContaining("fencing token " + lease.fencingToken());
        }
    }

    @Test
    void whoGaveUpNeverGetsTheLockAfterwards() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
        time.pass(ofSeconds(3));
        lease.close();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void withdrawsWhenItsFutureIsCancelled() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order);
        waiting.cancel(true);
        lease.close();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
        assertThat(store.inspect("order:42").join().waiters()).isZero();
    }

    @Test
    void waitsItsOwnTimeHoweverLongTheOthersInTheQueueWait() {
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> longer = engine.acquireAsync(order.waitTime(ofSeconds(9)));
            CompletableFuture<Lease> shorter = engine.acquireAsync(order.waitTime(ofSeconds(2)));
            time.pass(ofSeconds(2));
            assertThat(shorter).isCompletedExceptionally();
            assertThat(longer).isNotDone();
            time.pass(ofSeconds(7));
            assertThat(longer).isCompletedExceptionally();
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void goesOnWaitingWhenTheClaimOfAShorterWaiterEnds() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> shorter = engine.acquireAsync(order.waitTime(ofSeconds(2)));
        CompletableFuture<Lease> longer = engine.acquireAsync(order.waitTime(ofSeconds(9)));
        time.pass(ofSeconds(5));
        assertThat(shorter).isCompletedExceptionally();
        lease.close();
        assertThat(longer).isCompleted();
        longer.join().close();
    }

    @Test
    void oneClaimStandsAtTheStoreForAllOfThem() {
        Lease lease = other.acquire(order);
        List<CompletableFuture<Lease>> all = IntStream.range(0, 10)
                .mapToObj(i -> engine.acquireAsync(order.waitTime(ofMinutes(1))))
                .toList();
        assertThat(backend.acquires).hasSize(1);
        lease.close();
        all.forEach(waiting -> waiting.join().close());
    }
}

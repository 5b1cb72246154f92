package io.distributedlock.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockRequest;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("re-entry")
class ReEntryTests extends EngineFixture {

    @Test
    void givesAHandleOfItsOwnOnTheSameLease() {
        try (Lease outer = engine.acquire(order);
                Lease inner = engine.acquire(order)) {
            assertThat(inner).isNotSameAs(outer);
            assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
            assertThat(inner.holder()).isEqualTo(outer.holder());
            assertThat(backend.acquires).hasSize(1);
        }
    }

    @Test
    void releasesWithTheLastHandleAndCountsAHandleClosedTwiceOnce() {
        Lease outer = engine.acquire(order);
        Lease inner = engine.acquire(order);
        assertThat(inner.release()).isEqualTo(ReleaseOutcome.DEFERRED);
        assertThat(inner.release()).isEqualTo(ReleaseOutcome.DEFERRED);
        assertThat(outer.isHeld()).isTrue();
        assertThat(inner.isHeld()).isFalse();
        assertThat(outer.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void neverGivesAHandleOfALostLease() {
        Lease lease = engine.acquire(order);
        time.standStill(ofSeconds(20));
        assertThatThrownBy(() -> engine.acquire(order)).isInstanceOf(LockLostException.class);
        lease.close();
    }

    @Test
    void doesNotReachALeaseThatAnotherThreadClosed() throws InterruptedException {
        Lease lease = engine.acquire(order);
        Thread closer = new Thread(lease::close);
        closer.start();
        closer.join();
        assertThat(engine.current("order:42")).isEmpty();
        try (Lease next = engine.acquire(order)) {
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        }
    }

    @Test
    void doesNotReachAnAsynchronousLease() {
        Lease lease = engine.acquireAsync(order).join();
        assertThat(engine.current("order:42")).isEmpty();
        assertThat(engine.current()).isEmpty();
        assertThat(engine.tryAcquire(order)).isEmpty();
        lease.close();
    }

    @Test
    void givesNoHandleOfALeaseThatItsOwnMaximumHoldTimeHasEnded() {
        Lease outer = engine.acquire(order);
        time.pass(ofSeconds(3));
        LockRequest shorter = order.maxHoldTime(ofSeconds(2));
        assertThatThrownBy(() -> engine.acquire(shorter)).isInstanceOf(LockLostException.class);
        assertThat(outer.lost()).isCompletedWithValue(LossReason.MAX_HOLD_TIME);
        outer.close();
    }

    @Test
    void isNotShortenedByADefaultMaximumHoldTime() {
        LockEngine bounded =
                LockEngine.builder(backend).maxHoldTime(ofSeconds(10)).build(time.threads(), time.clock());
        Lease outer = bounded.acquire(order.maxHoldTime(ofMinutes(10)));
        Lease inner = bounded.acquire(order);
        time.pass(ofMinutes(1));
        assertThat(outer.isHeld()).isTrue();
        inner.close();
        outer.close();
    }

    @Test
    void isRefusedByALeaseWhoseLastHandleHasJustBeenClosed() {
        LeaseHandle handle = (LeaseHandle) engine.acquire(order);
        handle.release();
        assertThat(handle.lease().reenter(handle.lease().terms())).isFalse();
    }

    @Test
    void keepsTheSmallestMaximumHoldTime() {
        Lease outer = engine.acquire(order);
        Lease inner = engine.acquire(order.maxHoldTime(ofSeconds(5)));
        time.pass(ofSeconds(5));
        assertThat(outer.lost()).isCompletedWithValue(LossReason.MAX_HOLD_TIME);
        inner.close();
        outer.close();
    }
}

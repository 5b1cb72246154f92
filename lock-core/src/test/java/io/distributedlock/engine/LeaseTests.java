package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.SwitchableBackend.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a lease")
class LeaseTests extends EngineFixture {

    @Test
    void isRenewedAtAThirdOfItsTimeForAsLongAsItIsOpen() {
        try (Lease lease = engine.acquire(order)) {
            time.pass(ofMinutes(5));
            assertThat(lease.isHeld()).isTrue();
            assertThat(backend.renewals).hasSizeBetween(59, 68);
            assertThat(other.tryAcquire(order)).isEmpty();
        }
    }

    @Test
    void leavesNoRenewalBehindHoweverOftenTheLockWasTaken() {
        for (int i = 0; i < 300; i++) {
            engine.acquire(order).close();
        }
        try (Lease lease = engine.acquire(order)) {
            time.pass(ofMinutes(1));
            assertThat(backend.renewals).hasSizeBetween(11, 14);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void ridesOutAStoreThatComesBackBeforeItsTimeIsOver() {
        try (Lease lease = engine.acquire(order)) {
            backend.line = Line.DOWN;
            time.pass(ofSeconds(12));
            assertThat(lease.isHeld()).isTrue();
            backend.line = Line.UP;
            time.pass(ofMinutes(1));
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void isLostWhenTheStoreStaysAwayAndOnlyThenCanOthersHaveTheLock() {
        Lease lease = engine.acquire(order);
        backend.line = Line.DOWN;
        time.pass(ofMillis(13_499));
        assertThat(lease.isHeld()).isTrue();
        assertThat(other.tryAcquire(order)).isEmpty();
        time.pass(ofMillis(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue(LossReason.EXPIRED);
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LockLostException.class)
                .hasMessageContaining("order:42")
                .hasMessageContaining("EXPIRED");
        backend.line = Line.UP;
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.ALREADY_LOST);
    }

    @Test
    void isLostAtItsDeadlineWhenTheStoreIsDeaf() {
        Lease lease = engine.acquire(order);
        backend.line = Line.DEAF;
        time.pass(ofMillis(13_500));
        assertThat(lease.lost()).isCompletedWithValue(LossReason.EXPIRED);
        backend.line = Line.UP;
        lease.close();
    }

    @Test
    void isLostWhenTheStoreSaysThatItIsNotHeld() {
        Lease lease = engine.acquire(order);
        store.forceRelease("order:42").join();
        time.pass(ofSeconds(6));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue(LossReason.NOT_HELD);
        lease.close();
    }

    @Test
    void isNotRevivedByARenewalThatArrivesAfterItsEnd() {
        Lease lease = engine.acquire(order);
        time.standStill(ofSeconds(14));
        assertThat(lease.isHeld()).isFalse();
        time.pass(ofMillis(1));
        assertThat(lease.isHeld()).isFalse();
        try (Lease next = other.acquire(order)) {
            assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        }
        lease.close();
    }

    @Test
    void isLostByAPauseAtTheFirstLook() {
        Lease lease = engine.acquire(order);
        time.pass(ofSeconds(1));
        time.standStill(ofSeconds(20));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue(LossReason.PAUSED);
        lease.close();
    }

    @Test
    void tellsHowLateItsEndWasNoticed() {
        List<Duration> late = new ArrayList<>();
        LockEngine listening = LockEngine.builder(backend)
                .listener(new LockListener() {
                    @Override
                    public void lost(LeaseInfo lease, LossReason reason, Duration by) {
                        late.add(by);
                    }
                })
                .build(time.threads(), time.clock());
        try (Lease lease = listening.acquire(order)) {
            time.standStill(ofSeconds(20));
            assertThat(lease.isHeld()).isFalse();
        }
        // Of 15 s, a tenth is the margin.
        assertThat(late).containsExactly(ofMillis(6_500));
        listening.close();
    }

    @Test
    void isSuspectFromARenewalThatFailedToOneThatDoesNot() {
        Lease lease = engine.acquire(order);
        assertThat(engine.held()).noneMatch(LeaseInfo::suspect);
        backend.line = Line.DOWN;
        time.pass(ofSeconds(6));
        assertThat(engine.held()).allMatch(LeaseInfo::suspect).hasSize(1);
        backend.line = Line.UP;
        time.pass(ofSeconds(5));
        assertThat(engine.held()).noneMatch(LeaseInfo::suspect).hasSize(1);
        lease.close();
    }

    @Test
    void isLostWhenTheHostWasSuspendedAlthoughTheMonotonicClockStoodStill() {
        Lease lease = engine.acquire(order);
        time.pass(ofSeconds(1));
        time.suspendHost(ofSeconds(20));
        time.pass(ofMillis(20));
        assertThat(lease.lost()).isCompletedWithValue(LossReason.PAUSED);
        lease.close();
    }

    @Test
    void isLostAtItsMaximumHoldTimeAndOthersHaveTheLockAtOnce() {
        Lease lease = engine.acquire(order.maxHoldTime(ofSeconds(40)));
        time.pass(ofMillis(39_999));
        assertThat(lease.isHeld()).isTrue();
        time.pass(ofMillis(1));
        assertThat(lease.lost()).isCompletedWithValue(LossReason.MAX_HOLD_TIME);
        other.acquire(order).close();
        lease.close();
    }

    @Test
    void canBeReleasedTwiceAndTheSecondTimeDoesNothing() {
        Lease lease = engine.acquire(order);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        try (Lease next = other.acquire(order)) {
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
            lease.close();
            assertThat(next.isHeld()).isTrue();
        }
        assertThatThrownBy(lease::ensureHeld).isInstanceOf(IllegalStateException.class);
    }
}

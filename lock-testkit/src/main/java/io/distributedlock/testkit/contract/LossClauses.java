package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.LockEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class LossClauses extends ManagerClauses {

    /** A lease may end so much early: the wall clock, which can end it too, shows whole milliseconds. */
    private static final Duration WALL_CLOCK_GRAIN = Duration.ofMillis(1);

    LossClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("is noticed at the next renewal: it is not held, and its holder is told")
    void isNoticed() throws Exception {
        Lease lease = one.acquire(both.shortLease());
        CompletableFuture<Boolean> heldWhenTold =
                lease.lost().thenApply(reason -> lease.isHeld()).toCompletableFuture();

        both.fixture.expire(name);

        assertThat(both.answer(heldWhenTold)).as("still held when told").isFalse();
        assertThat(both.answer(lease.lost().toCompletableFuture())).isIn(LossReason.NOT_HELD, LossReason.EXPIRED);
        assertThat(lease.remaining()).isEqualTo(Duration.ZERO);
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOf(LockLostException.class)
                .hasMessageContaining(name);
    }

    @Test
    @DisplayName("is not entered again by its holder")
    void isNotReentered() throws Exception {
        Lease lease = one.acquire(both.shortLease());
        both.fixture.expire(name);
        both.eventually(() -> assertThat(lease.isHeld()).isFalse());

        assertThatThrownBy(() -> one.acquire(both.request())).isInstanceOf(LockLostException.class);
    }

    @Test
    @DisplayName("takes nothing from the next holder when it is closed")
    void harmsNobody() throws Exception {
        Lease stale = one.acquire(both.shortLease());
        both.fixture.expire(name);
        Lease fresh = two.acquire(both.request());
        both.eventually(() -> assertThat(stale.isHeld()).isFalse());

        assertThat(stale.release()).isEqualTo(ReleaseOutcome.ALREADY_LOST);

        assertThat(both.fixture.holderOf(name)).contains(fresh.holder());
        assertThat(fresh.isHeld()).isTrue();
        assertThat(fresh.fencingToken()).isGreaterThan(stale.fencingToken());
    }

    @Test
    @DisplayName("is what becomes of one that reaches its maxHoldTime; the next can have the lock")
    void reachesItsMaxHoldTime() throws Exception {
        Duration lease = both.fixture.shortLease();
        Lease endless = one.acquire(both.shortLease().maxHoldTime(lease.multipliedBy(2)));

        assertThat(both.answer(endless.lost().toCompletableFuture())).isEqualTo(LossReason.MAX_HOLD_TIME);

        assertThat(endless.isHeld()).isFalse();
        both.answer(both.elsewhere(() -> two.acquire(both.request())));
    }

    @Test
    @DisplayName("keeps the others out for the lock-delay: its holder may not know yet")
    void keepsTheLockDelay() throws Exception {
        assumeTrue(both.fixture.one().capabilities().lockDelay(), "this store has no lock-delay");
        Duration time = both.fixture.shortLease();
        try (LockEngine delaying = both.delaying(time)) {
            long before = System.nanoTime();
            Lease endless = delaying.acquire(both.shortLease().maxHoldTime(time));
            both.answer(endless.lost().toCompletableFuture());

            both.answer(both.elsewhere(() -> two.acquire(both.request())));

            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThanOrEqualTo(time.multipliedBy(2).minus(WALL_CLOCK_GRAIN));
        }
    }
}

package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class KeepClauses extends Clauses {

    KeepClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("stays taken without an owner, then is free")
    void staysTaken() {
        assumeTrue(can().keep(), "this store cannot keep a name without an owner");
        Duration keep = scene.fixture.shortLease();
        LockGrant grant = scene.grant(one, scene.claim());
        long released = System.nanoTime();

        assertThat(scene.answer(one.release(grant.claim(), keep))).isTrue();

        assertThat(scene.holderOf(name)).isEmpty();
        assertThat(scene.renew(one, grant)).isEqualTo(new Renewal.NotHeld());
        assertTakenFor(keep, released);
    }

    @Test
    @DisplayName("goes to a waiter when its time is over")
    void goesToAWaiter() {
        assumeTrue(can().keep(), "this store cannot keep a name without an owner");
        Duration keep = scene.fixture.shortLease();
        LockGrant grant = scene.grant(one, scene.claim());
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, scene.patient());

        scene.answer(one.release(grant.claim(), keep));

        assertThat(scene.answer(waiting, keep.plus(scene.fixture.patience()))).isPresent();
    }

    @Test
    @DisplayName("is not kept by somebody who did not hold it")
    void onlyTheHolderKeeps() {
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.answer(two.release(scene.claim(), scene.longLease()))).isFalse();

        assertThat(scene.release(one, grant.claim())).isTrue();
        scene.grant(two, scene.claim());
    }

    @Test
    @DisplayName("is free at once where the store cannot keep it")
    void keepIsIgnored() {
        assumeTrue(!can().keep(), "this store can keep a name without an owner");
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.answer(one.release(grant.claim(), scene.longLease()))).isTrue();

        scene.grant(two, scene.claim());
    }

    @Test
    @DisplayName("outlives a dead holder by its minHold")
    void minHoldOutlivesTheLease() {
        assumeTrue(can().keep(), "this store cannot keep a name without an owner");
        Duration lease = scene.fixture.shortLease();
        long before = System.nanoTime();
        LockClaim claim = scene.claim().withLeaseTime(lease);
        LockGrant grant = scene.grant(one, scene.withMinHold(claim, lease.multipliedBy(2)));

        assertThat(grant.lease()).as("the holder's own lease").isLessThanOrEqualTo(lease);
        assertTakenFor(lease.multipliedBy(2), before);
    }

    @Test
    @DisplayName("outlives a dead holder by its lock-delay")
    void lockDelayOutlivesTheLease() throws Exception {
        assumeTrue(can().lockDelay(), "this store has no lock-delay");
        Duration delay = scene.fixture.shortLease();
        long before = System.nanoTime();
        LockClaim claim = scene.claim().withLeaseTime(delay);
        LockGrant grant = scene.grant(one, scene.withLockDelay(claim, delay));

        assertThat(grant.lease()).as("the holder's own lease").isLessThanOrEqualTo(claim.leaseTime());
        try (AutoCloseable silence = scene.fixture.silence()) {
            assertTakenFor(grant.lease().plus(delay), before);
        }
    }

    @Test
    @DisplayName("stays taken for its lock-delay when its holder lost it and lives on")
    void lockDelayOutlivesALoss() {
        assumeTrue(can().lockDelay(), "this store has no lock-delay");
        Duration delay = scene.fixture.shortLease();
        LockGrant grant = scene.grant(one, scene.withLockDelay(scene.claim(), delay));
        long lost = System.nanoTime();

        assertThat(scene.answer(one.release(grant.claim(), delay))).isTrue();

        assertThat(scene.renew(one, grant)).isEqualTo(new Renewal.NotHeld());
        assertTakenFor(delay, lost);
    }

    @Test
    @DisplayName("is free at once after a clean release in spite of its lock-delay")
    void releaseHasNoLockDelay() {
        assumeTrue(can().lockDelay(), "this store has no lock-delay");
        LockGrant grant = scene.grant(one, scene.withLockDelay(scene.claim(), scene.fixture.patience()));

        scene.release(one, grant.claim());

        scene.grant(two, scene.claim());
    }

    private void assertTakenFor(Duration time, long since) {
        Duration forgotten = scene.answer(two.check()).deadHolderForgottenAfter();
        Duration latest = forgotten == null || forgotten.compareTo(time) < 0 ? time : forgotten;
        await().atMost(latest.plus(scene.fixture.patience()))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> scene.ask(two, scene.claim()).isPresent());
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThanOrEqualTo(time);
    }
}

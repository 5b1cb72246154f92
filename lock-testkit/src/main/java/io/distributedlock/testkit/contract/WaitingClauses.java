package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class WaitingClauses extends Clauses {

    /** Stores count in whole milliseconds; some round down. */
    private static final Duration ROUNDING = Duration.ofMillis(5);

    WaitingClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("lasts as long as the wait time, and no longer")
    void honoursTheWaitTime() {
        Duration waitTime = Duration.ofMillis(400);
        scene.grant(one, scene.claim());
        long before = System.nanoTime();

        assertThat(scene.answer(
                        scene.send(two, scene.claim().withWaitTime(waitTime)), waitTime.plus(scene.fixture.patience())))
                .isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(waitTime.minus(ROUNDING));
    }

    @Test
    @DisplayName("does not happen with a wait time of zero")
    void zeroDoesNotWait() {
        scene.grant(one, scene.claim());

        assertThat(scene.ask(two, scene.claim())).isEmpty();
        assertThat(scene.ask(one, scene.claim())).isEmpty();
    }

    @Test
    @DisplayName("ends with the release of the holder")
    void endsWithTheRelease() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);
        assertThat(waiting).isNotDone();

        scene.release(one, grant.claim());

        assertThat(scene.answer(waiting)).isPresent();
        assertThat(scene.holderOf(name)).contains(waiter.holder());
    }

    @Test
    @DisplayName("ends with the release of a holder of the same client")
    void endsWithTheReleaseOfTheSameClient() {
        LockGrant grant = scene.grant(one, scene.claim());
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(one, scene.patient());

        scene.release(one, grant.claim());

        assertThat(scene.answer(waiting)).isPresent();
    }

    @Test
    @DisplayName("ends with the lease of a dead holder")
    void endsWithTheLease() throws Exception {
        Duration lease = can().leasePerLock() ? scene.fixture.shortLease() : scene.longLease();
        scene.grant(one, scene.claim().withLeaseTime(lease));
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, scene.patient());

        if (!can().leasePerLock()) {
            scene.fixture.expire(name);
        }

        assertThat(scene.answer(waiting, scene.fixture.shortLease().plus(scene.fixture.patience())))
                .isPresent();
    }

    @Test
    @DisplayName("ends within its wait time when the store forgot the holder without a word")
    void endsWhenTheHolderIsForgotten() throws Exception {
        scene.grant(one, scene.claim());
        LockClaim waiter = scene.claim().withWaitTime(scene.fixture.patience());
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);

        scene.fixture.expire(name);

        assertThat(scene.answer(waiting, waiter.waitTime().multipliedBy(2))).isPresent();
    }

    @Test
    @DisplayName("ends within its wait time when the store lost all its data, the queue too")
    void endsWhenAllIsLost() throws Exception {
        assumeTrue(scene.fixture.canLoseData(), "this store does not lose data");
        scene.grant(one, scene.claim());
        LockClaim waiter = scene.claim().withWaitTime(scene.fixture.patience());
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);

        scene.fixture.loseData();

        assertThat(scene.answer(waiting, waiter.waitTime().multipliedBy(2))).isPresent();
    }

    @Test
    @DisplayName("ends for everybody in turn")
    void nobodyIsForgotten() {
        LockGrant grant = scene.grant(one, scene.claim());
        List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            LockBackend backend = i % 2 == 0 ? one : two;
            LockClaim waiter = scene.patient();
            waiters.add(scene.send(backend, waiter)
                    .thenComposeAsync(granted -> granted.isPresent()
                            ? backend.release(waiter, Duration.ZERO)
                            : CompletableFuture.completedFuture(false)));
        }

        scene.release(one, grant.claim());

        assertThat(waiters)
                .allSatisfy(waiter -> assertThat(scene.answer(waiter)).isTrue());
    }

    @Test
    @DisplayName("ends in the order of arrival")
    void isFair() {
        assumeTrue(can().fairQueue(), "this store has no fair queue");
        LockGrant grant = scene.grant(one, scene.claim());
        List<LockClaim> claims = new ArrayList<>();
        List<CompletableFuture<Optional<LockGrant>>> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            claims.add(scene.patient());
            waiting.add(scene.queue(i % 2 == 0 ? one : two, claims.get(i)));
        }

        scene.release(one, grant.claim());

        for (int i = 0; i < 6; i++) {
            assertThat(scene.answer(waiting.get(i))).as("waiter %d", i).isPresent();
            assertThat(waiting.subList(i + 1, 6))
                    .allSatisfy(later -> assertThat(later).isNotDone());
            scene.release(i % 2 == 0 ? one : two, claims.get(i));
        }
    }

    @Test
    @DisplayName("for one name does not delay another")
    void blocksNobodyElse() {
        scene.grant(one, scene.claim());
        for (int i = 0; i < 20; i++) {
            assertThat(scene.send(one, scene.patient())).isNotDone();
        }

        for (int i = 0; i < 20; i++) {
            LockGrant other = scene.grant(one, scene.claim(name + "-" + i));
            scene.release(one, other.claim());
        }
    }
}

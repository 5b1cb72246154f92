package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

abstract class WithdrawalClauses extends Clauses {

    WithdrawalClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("completes its acquire empty")
    void completesEmpty() {
        scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);

        assertThat(scene.release(two, waiter)).as("had a grant").isFalse();

        assertThat(scene.answer(waiting)).isEmpty();
    }

    @Test
    @DisplayName("never wins later")
    void neverWins() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);
        scene.release(two, waiter);

        scene.release(one, grant.claim());

        scene.grant(one, scene.claim());
        assertThat(scene.answer(waiting)).isEmpty();
    }

    @RepeatedTest(10)
    @DisplayName("never wins when it is withdrawn at the moment of its grant")
    void neverWinsInARace() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);

        CompletableFuture<Boolean> freed = CompletableFuture.supplyAsync(() -> scene.release(one, grant.claim()));
        CompletableFuture<Boolean> withdrawn = CompletableFuture.supplyAsync(() -> scene.release(two, waiter));

        assertThat(scene.answer(freed)).isTrue();
        boolean hadIt = scene.answer(withdrawn);
        if (scene.answer(waiting).isPresent()) {
            assertThat(hadIt).as("granted before the withdrawal").isTrue();
        }
        scene.grant(one, scene.claim());
    }

    @Test
    @DisplayName("whose answer nobody has seen yet leaves the lock free")
    void rightBehindItsAcquire() {
        LockClaim claim = scene.patient();
        CompletableFuture<Optional<LockGrant>> asked = scene.send(one, claim);
        CompletableFuture<Boolean> withdrawn = one.release(claim, Duration.ZERO);

        boolean hadIt = scene.answer(withdrawn);
        if (scene.answer(asked).isPresent()) {
            assertThat(hadIt).as("granted before the withdrawal").isTrue();
        }
        assertThat(scene.holderOf(name)).isEmpty();
        scene.grant(two, scene.claim());
    }

    @Test
    @DisplayName("that timed out never wins later")
    void timedOutNeverWins() {
        LockGrant grant = scene.grant(one, scene.claim());
        assertThat(scene.ask(two, scene.claim().withWaitTime(Duration.ofMillis(200))))
                .isEmpty();

        scene.release(one, grant.claim());

        scene.grant(one, scene.claim());
    }

    @Test
    @DisplayName("leaves the others in the queue")
    void leavesOthers() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim leaving = scene.patient();
        CompletableFuture<Optional<LockGrant>> left = scene.queue(two, leaving);
        CompletableFuture<Optional<LockGrant>> staying = scene.queue(two, scene.patient());
        CompletableFuture<Optional<LockGrant>> elsewhere = scene.queue(one, scene.patient());

        scene.release(two, leaving);
        scene.release(one, grant.claim());

        assertThat(scene.answer(left)).isEmpty();
        CompletableFuture<?> next = CompletableFuture.anyOf(staying, elsewhere);
        assertThat(scene.answer(next)).isInstanceOf(Optional.class).isNotEqualTo(Optional.empty());
    }

    @Test
    @DisplayName("may never have been sent")
    void unknownClaim() {
        assertThat(scene.release(one, scene.claim())).isFalse();
    }
}

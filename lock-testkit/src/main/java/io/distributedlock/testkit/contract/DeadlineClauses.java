package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class DeadlineClauses extends Clauses {

    private static final Duration DELAY = Duration.ofMillis(400);

    /** Timers of a proxy are not exact; a lease counted from the answer is wrong by all of the delay. */
    private static final long ALMOST_DELAY = DELAY.toNanos() * 3 / 4;

    DeadlineClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("is over for the holder before another can have the lock")
    void isOverBeforeTheNextGrant() {
        assumeTrue(can().leasePerLock(), "this store has one lease for all locks of a client");
        LockGrant dead = scene.grant(one, scene.claim().withLeaseTime(scene.fixture.shortLease()));
        CompletableFuture<Long> next = scene.send(two, scene.patient()).thenApply(granted -> System.nanoTime());

        long nextFrom = scene.answer(next, scene.fixture.shortLease().plus(scene.fixture.patience()));

        assertThat(nextFrom - deadline(dead))
                .as("ns from the deadline to the next grant")
                .isNotNegative();
    }

    @Test
    @DisplayName("is not longer than what was asked for")
    void isNotLongerThanAsked() {
        Duration asked = scene.longLease();

        assertThat(scene.grant(one, scene.claim().withLeaseTime(asked)).lease()).isLessThanOrEqualTo(asked);
    }

    @Test
    @DisplayName("is not counted from when a slow answer arrived")
    void isNotCountedFromTheAnswer() throws Exception {
        assumeTrue(scene.fixture.canDelayAnswers(), "answers of this store cannot be delayed");
        scene.fixture.delayAnswers(DELAY);

        LockGrant grant = late(scene.send(one, scene.claim())).orElseThrow();

        assertThat(System.nanoTime() - grant.validFromNanos()).isGreaterThan(ALMOST_DELAY);
    }

    @Test
    @DisplayName("is not counted from when a slow answer to a renewal arrived")
    void isNotCountedFromTheAnswerToARenewal() throws Exception {
        assumeTrue(scene.fixture.canDelayAnswers(), "answers of this store cannot be delayed");
        assumeTrue(can().leasePerLock(), "this store renews by its session");
        LockGrant grant = scene.grant(one, scene.claim());
        scene.fixture.delayAnswers(DELAY);

        Renewal renewal = late(one.renew(List.of(grant))).get(0);

        assertThat(renewal)
                .isInstanceOfSatisfying(
                        Renewal.Renewed.class,
                        renewed -> assertThat(System.nanoTime() - renewed.validFromNanos())
                                .isGreaterThan(ALMOST_DELAY));
    }

    @Test
    @DisplayName("is not counted from when a slow hand-off arrived")
    void isNotCountedFromTheHandOff() throws Exception {
        assumeTrue(scene.fixture.canDelayAnswers(), "answers of this store cannot be delayed");
        LockGrant grant = scene.grant(two, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(one, waiter);
        scene.fixture.delayAnswers(DELAY);

        scene.release(two, grant.claim());
        LockGrant handedOff = late(waiting).orElseThrow();

        assertThat(System.nanoTime() - handedOff.validFromNanos()).isGreaterThan(ALMOST_DELAY);
    }

    private <T> T late(CompletableFuture<T> answer) {
        return scene.answer(answer, DELAY.plus(scene.fixture.patience()));
    }

    private static long deadline(LockGrant grant) {
        return grant.validFromNanos() + grant.lease().toNanos();
    }
}

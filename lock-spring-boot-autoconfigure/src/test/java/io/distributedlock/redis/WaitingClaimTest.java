package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.redis.WaitingClaim.Step;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class WaitingClaimTest {

    /** Any values: nanoTime readings may be negative and may overflow, and the store's clock may differ from ours. */
    private final long t0 = ThreadLocalRandom.current().nextLong();

    private final long storeMicros = ThreadLocalRandom.current().nextLong(1L << 50);

    private final WaitingClaim claim =
            new WaitingClaim(Claims.claim("a", Duration.ofSeconds(30), Duration.ofSeconds(10)), false, t0, false);

    @Test
    void aHandedOffLeaseIsCountedFromTheStoresGrantNotFromTheArrival() {
        queued(at(100), at(105), 1_000);

        LockGrant grant = granted(claim.received(message(3_000), at(2_900)));

        assertThat(grant.validFromNanos() - at(2_100)).isZero();
        assertThat(grant.lease()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aHandedOffLeaseNeverBeginsInTheFuture() {
        queued(at(100), at(105), 1_000);

        LockGrant grant = granted(claim.received(message(3_000), at(1_500)));

        assertThat(grant.validFromNanos() - at(1_500)).isZero();
    }

    @Test
    void aHandOffWhoseLeaseIsOverIsNotBelieved() {
        queued(at(100), at(105), 1_000);

        assertThat(claim.received(message(3_000), at(4_100))).isEqualTo(new Step.Ask());
        assertThat(claim.ask()).isTrue();
    }

    @Test
    void aHandOffFromBeforeTheLastAnswerIsCountedBackFromIt() {
        queued(at(100), at(105), 1_000);
        queued(at(5_000), at(5_005), 5_900);

        assertThat(claim.received(message(3_000), at(5_010))).isEqualTo(new Step.Ask());
    }

    @Test
    void aHandOffThatOvertakesTheAnswerIsJudgedByTheAnswer() {
        ask(at(100));
        assertThat(claim.received(message(1_500), at(150))).isEqualTo(new Step.Nothing());

        LockGrant grant = granted(claim.answered(new Answer.Taken(true, 30_000, micros(1_000)), at(700)));

        assertThat(grant.validFromNanos() - at(600)).isZero();
    }

    @Test
    void aStaleHandOffThatOvertakesTheAnswerOfARetryIsNotBelieved() {
        ask(at(5_000));
        claim.received(message(1_000), at(5_001));

        assertThat(claim.answered(new Answer.Taken(true, 30_000, micros(5_000)), at(5_010)))
                .isEqualTo(new Step.Ask());
    }

    @Test
    void aGrantInTheAnswerIsCountedFromWhenItsRequestWasSent() {
        ask(at(100));

        LockGrant grant = granted(claim.answered(new Answer.Granted(7, 1), at(900)));

        assertThat(grant.validFromNanos() - at(100)).isZero();
        assertThat(grant.lease()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aHandOffIsNotJudgedByTheClockOfTheServerBeforeAReconnect() {
        queued(at(100), at(105), 1_000);
        assertThat(claim.askAnew()).isTrue();
        claim.sent(at(3_000));

        // By the answer of the server before, whose clock was ahead, this lease would be new.
        assertThat(claim.received(message(3_900), at(3_001))).isEqualTo(new Step.Nothing());
        assertThat(claim.answered(new Answer.Taken(true, 30_000, micros(6_500)), at(3_005)))
                .isEqualTo(new Step.Ask());
    }

    @Test
    void inAClusterAHandOffIsAReasonToAskAgain() {
        WaitingClaim moving = new WaitingClaim(claim.claim(), true, t0, false);
        assertThat(moving.ask()).isTrue();
        moving.sent(at(100));
        moving.answered(new Answer.Taken(true, 30_000, micros(1_000)), at(105));

        assertThat(moving.received(message(3_000), at(2_110))).isEqualTo(new Step.Ask());
        assertThat(moving.ask()).isTrue();
        moving.sent(at(2_111));
        assertThat(granted(moving.answered(new Answer.Granted(7, 1), at(2_115))).lease())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void inAClusterAHandOffDuringARequestIsAReasonForAnother() {
        WaitingClaim moving = new WaitingClaim(claim.claim(), true, t0, false);
        assertThat(moving.ask()).isTrue();
        moving.sent(at(100));

        assertThat(moving.received(message(3_000), at(101))).isEqualTo(new Step.Ask());
        assertThat(moving.ask()).isFalse();
        assertThat(moving.answered(new Answer.Taken(true, 30_000, micros(1_000)), at(105)))
                .isEqualTo(new Step.Ask());
    }

    @Test
    void aWithdrawnClaimBelievesNothing() {
        queued(at(100), at(105), 1_000);

        assertThat(claim.timeCame(at(10_000))).isEqualTo(new Step.Withdraw());
        assertThat(claim.received(message(10_900), at(10_001))).isEqualTo(new Step.Nothing());
    }

    @Test
    void anAnswerUnderWayAtTheEndOfTheWaitTimeDecides() {
        ask(at(9_990));

        assertThat(claim.timeCame(at(10_000))).isEqualTo(new Step.Ask());
        assertThat(claim.ask()).isFalse();
        assertThat(claim.answered(new Answer.Taken(true, 30_000, micros(10_000)), at(10_010)))
                .isEqualTo(new Step.Withdraw());
    }

    @Test
    void looksOnceMoreAtThreeQuartersOfItsWaitTimeHoweverLongTheLeaseOfTheHolder() {
        assertThat(claim.untilLook(millis(30_000), at(0))).isEqualTo(millis(7_500));
        assertThat(claim.untilLook(millis(30_000), at(7_400))).isEqualTo(millis(100));
        assertThat(claim.untilLook(millis(30_000), at(7_500))).isEqualTo(millis(2_500));
        assertThat(claim.untilLook(millis(200), at(7_600))).isEqualTo(millis(200));
        assertThat(claim.untilLook(millis(30_000), at(10_100))).isZero();
    }

    @Test
    void aRequestWantedWhileOneIsUnderWayFollowsIt() {
        ask(at(100));
        assertThat(claim.ask()).isFalse();

        assertThat(claim.answered(new Answer.Taken(true, 30_000, micros(1_000)), at(105)))
                .isEqualTo(new Step.Ask());
    }

    @Test
    void aFailedRequestMayStillReachTheStore() {
        ask(at(100));
        claim.failed(new IllegalStateException());

        assertThat(claim.isUnanswered()).isTrue();
    }

    @Test
    void anAnsweredRequestDoesNot() {
        queued(at(100), at(105), 1_000);

        assertThat(claim.isUnanswered()).isFalse();
    }

    private void queued(long sent, long answered, long storeMillis) {
        ask(sent);
        assertThat(claim.answered(new Answer.Taken(true, 30_000, micros(storeMillis)), answered))
                .isEqualTo(new Step.AskLater(Duration.ofSeconds(30).toNanos()));
    }

    private void ask(long sent) {
        assertThat(claim.ask()).isTrue();
        claim.sent(sent);
    }

    private Message.Granted message(long storeMillis) {
        return new Message.Granted(claim.claim().holder(), 7, 1, micros(storeMillis), 2_000);
    }

    private LockGrant granted(Step step) {
        assertThat(step).isInstanceOf(Step.Finish.class);
        Optional<LockGrant> grant = ((Step.Finish) step).grant();
        assertThat(grant).isPresent();
        return grant.orElseThrow();
    }

    private long at(long millis) {
        return t0 + millis(millis);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private long micros(long millis) {
        return storeMicros + millis * 1_000;
    }
}

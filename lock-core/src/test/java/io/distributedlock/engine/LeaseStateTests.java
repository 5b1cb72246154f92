package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class LeaseStateTests {

    private static final long ROUND_TRIP = ofMillis(2).toNanos();

    /** Any value: nanoTime readings may be negative and may overflow. */
    private final Moment start = new Moment(ThreadLocalRandom.current().nextLong(), 1_800_000_000_000L);

    private final LeaseState lease = new LeaseState(start, ofSeconds(30));

    @Test
    void isHeldUntilATenthBeforeItsTimeIsOver() {
        assertThat(lease.isHeld(at(ofMillis(26_999)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(27)))).isFalse();
    }

    @Test
    void keepsTwoRoundTripsBeforeItsEndWhenTheStoreIsSlow() {
        lease.renewed(start, ofSeconds(30), ofSeconds(4).toNanos(), at(ofSeconds(1)));
        assertThat(lease.isHeld(at(ofMillis(21_999)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(22)))).isFalse();
    }

    @Test
    void neverGivesMoreThanHalfOfItselfToTheMargin() {
        lease.renewed(start, ofSeconds(30), ofSeconds(20).toNanos(), at(ofSeconds(1)));
        assertThat(lease.isHeld(at(ofMillis(14_999)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(15)))).isFalse();
    }

    @Test
    void wantsToBeRenewedAfterAThird() {
        assertThat(lease.nanosUntilRenewal(start)).isEqualTo(ofSeconds(10).toNanos());
    }

    @Test
    void wantsToBeRenewedAfterAThirdOfWhatWasGrantedLast() {
        lease.renewed(at(ofSeconds(10)), ofSeconds(60), ROUND_TRIP, at(ofSeconds(11)));
        assertThat(lease.nanosUntilRenewal(at(ofSeconds(11))))
                .isEqualTo(ofSeconds(19).toNanos());
    }

    @Test
    void isCountedFromWhenTheRenewalWasSent() {
        lease.renewed(at(ofSeconds(10)), ofSeconds(30), ROUND_TRIP, at(ofSeconds(20)));
        assertThat(lease.isHeld(at(ofMillis(36_999)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(37)))).isFalse();
    }

    @Test
    void isNeverShortenedByAnAnswer() {
        lease.renewed(start, ofSeconds(1), ROUND_TRIP, at(ofSeconds(2)));
        assertThat(lease.isHeld(at(ofSeconds(26)))).isTrue();
    }

    @Test
    void isNotRevivedByARenewalThatIsAnsweredAfterItsTime() {
        assertThat(lease.renewed(at(ofSeconds(26)), ofSeconds(30), ROUND_TRIP, at(ofSeconds(27))))
                .isFalse();
        assertThat(lease.isHeld(at(ofSeconds(27)))).isFalse();
    }

    @Test
    void aFailedRenewalCostsNothingWhileTheLeaseStillRuns() {
        lease.renewalFailed(at(ofSeconds(10)), 0.5);
        assertThat(lease.phase()).isEqualTo(LeaseState.Phase.SUSPECT);
        assertThat(lease.isHeld(at(ofSeconds(26)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(27)))).isFalse();
    }

    @Test
    void aFailedRenewalIsTriedAgainSoon() {
        lease.renewalFailed(at(ofSeconds(10)), 0.5);
        assertThat(lease.nanosUntilRenewal(at(ofSeconds(10))))
                .isEqualTo(ofSeconds(1).toNanos());
    }

    @Test
    void anUnansweredRenewalIsTriedAgainAfterAFurtherThird() {
        lease.renewalSent(at(ofSeconds(10)));
        assertThat(lease.nanosUntilRenewal(at(ofSeconds(10))))
                .isEqualTo(ofSeconds(10).toNanos());
    }

    @Test
    void anAnswerFromAnOldProofDoesNotMakeTheNextRenewalDueAtOnce() {
        lease.renewed(start, ofSeconds(30), ROUND_TRIP, at(ofSeconds(20)));
        assertThat(lease.nanosUntilRenewal(at(ofSeconds(20)))).isPositive();
    }

    @Test
    void aSuspendedHostCountsAlthoughItsMonotonicClockStoodStill() {
        Moment resumed = new Moment(at(ofSeconds(1)).nanos(), at(ofSeconds(27)).wallMillis());
        assertThat(lease.isHeld(resumed)).isFalse();
    }

    @Test
    void aWallClockSetBackProlongsNothing() {
        Moment setBack = new Moment(at(ofSeconds(27)).nanos(), start.wallMillis() - 3_600_000);
        assertThat(lease.isHeld(setBack)).isFalse();
    }

    @Test
    void endsWithItsMaximumHoldTimeHoweverOftenItIsRenewed() {
        lease.bound(Duration.ZERO, ofSeconds(20));
        lease.renewed(at(ofSeconds(19)), ofSeconds(30), ROUND_TRIP, at(ofSeconds(19)));
        assertThat(lease.isHeld(at(ofMillis(19_999)))).isTrue();
        assertThat(lease.isHeld(at(ofSeconds(20)))).isFalse();
        assertThat(lease.isPastMaxHold(at(ofSeconds(20)))).isTrue();
    }

    @Test
    void isNotKeptForLessThanItsMinimumBecauseTheWallClockShowsWholeMilliseconds() {
        lease.bound(ofMillis(500), null);
        Moment early = new Moment(
                start.nanos() + ofMillis(500).toNanos() - 120_000,
                at(ofMillis(500)).wallMillis());
        assertThat(lease.minHoldLeft(early)).isEqualTo(120_000);
    }

    @Test
    void aWallClockSetAheadCutsNoMinimumShort() {
        lease.bound(ofSeconds(5), null);
        Moment setAhead = new Moment(at(ofSeconds(1)).nanos(), start.wallMillis() + 3_600_000);
        assertThat(lease.minHoldLeft(setAhead)).isEqualTo(ofSeconds(4).toNanos());
    }

    @Test
    void keepsTheLargestMinimumAndTheSmallestMaximumOfItsHandles() {
        lease.bound(ofSeconds(5), ofSeconds(20));
        lease.bound(ofSeconds(8), ofSeconds(25));
        lease.bound(ofSeconds(1), null);
        assertThat(lease.minHoldLeft(at(ofSeconds(3)))).isEqualTo(ofSeconds(5).toNanos());
        assertThat(lease.nanosLeft(start)).isEqualTo(ofSeconds(20).toNanos());
    }

    @Test
    void anHeirWhoAsksForMuchMoreThanIsLeftGetsThatWhenItStays() {
        LeaseState heir = lease.handedOn(ofMinutes(5), at(ofMillis(7)));
        assertThat(heir.nanosUntilRenewal(at(ofMillis(7))))
                .isEqualTo(ofMillis(20).toNanos());
        assertThat(heir.renewalSlackNanos()).isZero();
    }

    @Test
    void aChainOfHeirsDoesNotPutTheRenewalOff() {
        LeaseState heir = lease.handedOn(ofMinutes(5), at(ofMillis(7)));
        for (int millis = 8; millis < 30; millis++) {
            heir = heir.handedOn(ofMinutes(5), at(ofMillis(millis)));
            assertThat(heir.nanosUntilRenewal(at(ofMillis(27)))).isZero();
            assertThat(heir.renewalSlackNanos()).isZero();
        }
    }

    @Test
    void anHeirIsRenewedNoLaterThanTheOneBeforeWouldHaveBeen() {
        LeaseState shortest = new LeaseState(start, ofMillis(102));
        LeaseState heir = shortest.handedOn(ofSeconds(15), at(ofMillis(24)));
        assertThat(heir.nanosUntilRenewal(at(ofMillis(34)))).isZero();
    }

    @Test
    void aRenewalIsOfUseToAnHeirWhoHasOnlyAThirdOfTheShortestLease() {
        LeaseState shortest = new LeaseState(start, ofMillis(100));
        shortest.renewalSent(at(ofMillis(50)));
        Moment last = at(ofMillis(56));
        assertThat(shortest.isWorthHandingOn(last)).isTrue();
        assertThat(shortest.isWorthHandingOn(at(ofMillis(57)))).isFalse();

        LeaseState heir = shortest.handedOn(ofSeconds(15), last);

        assertThat(heir.nanosUntilRenewal(last)).isEqualTo(ofMillis(20).toNanos());
        assertThat(heir.nanosLeft(at(ofMillis(76)))).isEqualTo(ofMillis(14).toNanos());
    }

    @Test
    void anHeirWhoseLeaseIsLongEnoughIsRenewedAsWasPlanned() {
        LeaseState heir = lease.handedOn(ofSeconds(30), at(ofSeconds(1)));
        assertThat(heir.nanosUntilRenewal(at(ofSeconds(1))))
                .isEqualTo(ofSeconds(9).toNanos());
        assertThat(heir.renewalSlackNanos()).isEqualTo(ofSeconds(3).toNanos());
    }

    @Test
    void anHeirWhoStaysIsRenewedAlongWithOthersAfterwards() {
        LeaseState heir = lease.handedOn(ofMinutes(5), start);
        heir.renewalSent(at(ofMillis(20)));
        heir.renewed(at(ofMillis(20)), ofMinutes(5), ROUND_TRIP, at(ofMillis(22)));
        assertThat(heir.nanosUntilRenewal(at(ofMillis(20))))
                .isEqualTo(ofSeconds(100).toNanos());
        assertThat(heir.renewalSlackNanos()).isEqualTo(ofSeconds(30).toNanos());
    }

    @Test
    void theFirstReasonOfALossStays() {
        assertThat(lease.lose(LossReason.NOT_HELD)).isTrue();
        assertThat(lease.lose(LossReason.EXPIRED)).isFalse();
        assertThat(lease.lossReason()).isEqualTo(LossReason.NOT_HELD);
    }

    @Test
    void aLostLeaseCannotBeReleasedAndAReleasedOneCannotBeLost() {
        lease.lose(LossReason.NOT_HELD);
        assertThat(lease.release()).isFalse();

        LeaseState other = new LeaseState(start, ofSeconds(30));
        assertThat(other.release()).isTrue();
        assertThat(other.lose(LossReason.EXPIRED)).isFalse();
        assertThat(other.isHeld(start)).isFalse();
    }

    private Moment at(Duration after) {
        return new Moment(start.nanos() + after.toNanos(), start.wallMillis() + after.toMillis());
    }
}

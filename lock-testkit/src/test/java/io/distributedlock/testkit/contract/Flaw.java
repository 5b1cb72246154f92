package io.distributedlock.testkit.contract;

import io.distributedlock.spi.LockBackend;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Ways to break a backend, each seen in a released library or tempting to write, and the clauses that find it: those with a
 * question mark only by chance.
 */
@SuppressWarnings("ImmutableEnumChecker") // stateless, and never changed later
enum Flaw {
    MISSED_WAKE_UP(
            FlawedQueues::missedWakeUp,
            "endsWithTheLease",
            "endsWithTheRelease",
            "endsWithTheReleaseOfTheSameClient",
            "excludesUnderContention",
            "goesToAWaiter",
            "growOverHandOff",
            "isFair",
            "isNotCountedFromTheHandOff",
            "isOverBeforeTheNextGrant",
            "leavesOthers",
            "letsOthersGoFirst",
            "movesTheQueue",
            "neverWinsInARace?",
            "nobodyIsForgotten",
            "whileWaiting"),
    ACQUIRES_BEFORE_IT_RELEASES(FlawedQueues::acquiresBeforeItReleases, "letsTheNextFollow"),
    RELEASE_WITHOUT_OWNER_CHECK(
            FlawedOwnership::releaseWithoutOwnerCheck,
            "completesEmpty",
            "foreignReleaseFreesNothing",
            "lateReleaseTakesNothing",
            "neverWinsInARace?",
            "onlyTheHolderKeeps",
            "repeatedLate"),
    RENEWAL_WITHOUT_TOKEN_CHECK(
            FlawedOwnership::renewalWithoutTokenCheck, "comparesTheToken", "renewalComparesTheToken"),
    RENEWAL_REVIVES(
            FlawedOwnership::renewalRevives,
            "answersInOrder",
            "lateRenewalDoesNotRevive",
            "renewalAfterReleaseDoesNotRevive",
            "takesTheLock"),
    RENEWAL_WITHOUT_A_LOOK(
            FlawedOwnership::renewalWithoutALook,
            "answersInOrder",
            "comparesTheToken",
            "lateRenewalDoesNotRevive",
            "lateRenewalIsRefused",
            "lockDelayOutlivesALoss",
            "renewalAfterReleaseDoesNotRevive",
            "renewalComparesTheToken",
            "staysTaken",
            "takesTheLock"),
    RENEWAL_SHORTENS(FlawedOwnership::renewalShortens, "neverShortens"),
    FORGETS_OTHERS_IN_A_BATCH(FlawedOwnership::forgetsOthersInABatch, "answersInOrder"),
    KEEP_IGNORED(FlawedOwnership::keepIgnored, "lockDelayOutlivesALoss", "staysTaken"),
    NAMES_COLLIDE(FlawedOwnership::namesCollide, "doNotCollide"),
    CLOSING_LEAVES_THE_QUEUE(FlawedOwnership::closingLeavesTheQueue, "closedClient"),
    TRACES_OF_MANY_NAMES(FlawedOwnership::tracesOfManyNames, "manyNames"),
    RETRY_RAISES_THE_TOKEN(
            FlawedTokens::retryRaisesTheToken, "concurrently", "renewalComparesTheToken", "sameGrant", "whileWaiting"),
    RANGES_OVERLAP(FlawedTokens::rangesOverlap, "rangesDoNotOverlap"),
    FORCED_RELEASE_FORGETS_THE_TOKEN(FlawedTokens::forcedReleaseForgetsTheToken, "ofAFreeLock", "takesTheLock"),
    TOKENS_RESTART(
            FlawedTokens::tokensRestart,
            "growOverExpiry",
            "growOverLossOfData",
            "movesTheQueue",
            "rangesDoNotOverlap",
            "renewalComparesTheToken"),
    WITHDRAWAL_LEAVES_THE_QUEUE_ENTRY(
            FlawedQueues::withdrawalLeavesTheQueueEntry,
            "blocksNobodyElse",
            "completesEmpty",
            "leavesOthers",
            "neverWins",
            "neverWinsInARace?",
            "showsWaiters?",
            "withdrawnQueue"),
    TIME_OUT_LEAVES_THE_QUEUE_ENTRY(FlawedQueues::timeOutLeavesTheQueueEntry, "timedOutNeverWins", "timedOutQueue"),
    WAIT_TIME_CUT_SHORT(FlawedQueues::waitTimeCutShort, "honoursTheWaitTime"),
    WAIT_TIME_IGNORED(FlawedQueues::waitTimeIgnored, "honoursTheWaitTime", "timedOutNeverWins", "timedOutQueue"),
    ZERO_WAITS(
            FlawedQueues::zeroWaits,
            "excludes",
            "foreignReleaseFreesNothing",
            "mayBeLong",
            "neverShortens",
            "prolongs",
            "prolongsByTheLeaseOfTheRenewal",
            "zeroDoesNotWait"),
    GRANTS_WHEN_CROWDED(FlawedQueues::grantsWhenCrowded, "excludesUnderContention"),
    QUEUE_JUMPING(FlawedQueues::queueJumping, "excludesUnderContention?", "isFair"),
    LEASE_COUNTED_FROM_THE_ANSWER(
            FlawedDeadlines::leaseCountedFromTheAnswer,
            "isNotCountedFromTheAnswer",
            "isNotCountedFromTheHandOff",
            "isOverBeforeTheNextGrant?"),
    RENEWAL_COUNTED_FROM_THE_ANSWER(
            FlawedDeadlines::renewalCountedFromTheAnswer, "isNotCountedFromTheAnswerToARenewal");

    final UnaryOperator<LockBackend> breaker;

    /** What finds it each time. */
    final Set<String> clauses = new HashSet<>();

    /** What finds it too when threads meet at the right moment. */
    final Set<String> byChance = new HashSet<>();

    Flaw(UnaryOperator<LockBackend> breaker, String... clauses) {
        this.breaker = breaker;
        for (String clause : clauses) {
            (clause.endsWith("?") ? byChance : this.clauses).add(clause.replace("?", ""));
        }
    }
}

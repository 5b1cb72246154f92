package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One claim on its way to a grant: what it knows, and what follows from what it hears. It has no thread, no I/O and no
 * clock of its own.
 *
 * <p>The lease of a grant that was handed over by message began when the store granted it, however late the message
 * comes. Both the message and the last answer carry the store's time, so the lease began as much later than that answer
 * as these two differ; and the answer was given after its request was sent. A lease that is over by this count is not
 * believed. No two machines' clocks are compared, and the time of the message's arrival has no part in it.
 */
final class WaitingClaim {

    /** What to do next. */
    sealed interface Step {

        /** Run the acquire script. */
        record Ask() implements Step {}

        /** Run the acquire script after this time, unless something happens before. */
        record AskLater(long nanos) implements Step {}

        /** The wait time is over: leave the queue, then tell the caller. */
        record Withdraw() implements Step {}

        /** Tell the caller. */
        record Finish(Optional<LockGrant> grant) implements Step {}

        /** Tell the caller that nobody knows. */
        record Fail(Throwable cause) implements Step {}

        /** Wait on. */
        record Nothing() implements Step {}
    }

    private final LockClaim claim;
    private final boolean clockMayChange;
    private final long startNanos;

    /** How long before the end of the wait time the claim looks once more by itself. */
    private final long lastLookNanos;

    // guarded by this
    private boolean over;
    private boolean asking;
    private boolean askAgain;
    private boolean unsure;
    private long sentNanos;
    private Message.@Nullable Granted early;
    private @Nullable LastAnswer lastAnswer;

    private record LastAnswer(long sentNanos, long atMicros) {}

    /**
     * Begins to wait.
     *
     * @param clockMayChange whether the lock may have moved to a server with another clock by the time of a message: then
     *     that is a reason to ask again, and no more
     * @param unsure whether an earlier attempt of the same claim failed, whose request may still reach the store
     */
    WaitingClaim(LockClaim claim, boolean clockMayChange, long nowNanos, boolean unsure) {
        this.claim = claim;
        this.clockMayChange = clockMayChange;
        this.startNanos = nowNanos;
        this.lastLookNanos = TimeUnit.NANOSECONDS.convert(claim.waitTime()) / 4;
        this.unsure = unsure;
    }

    LockClaim claim() {
        return claim;
    }

    /** What is left of the wait time, not below zero. */
    Duration left(long nowNanos) {
        Duration left = claim.waitTime().minusNanos(nowNanos - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * When to look again, having been told to look after this time: not later than at three quarters of the wait time,
     * when there is still time to get the lock should the store have forgotten the claim or its inbox be deaf.
     */
    long untilLook(long nanos, long nowNanos) {
        long left = TimeUnit.NANOSECONDS.convert(left(nowNanos));
        long untilLastLook = left - lastLookNanos;
        return Math.min(nanos, untilLastLook > 0 ? untilLastLook : left);
    }

    /** Whether to send a request now: not when one is under way, which is then followed by another. */
    synchronized boolean ask() {
        if (over) {
            return false;
        }
        askAgain = asking;
        asking = true;
        return !askAgain;
    }

    /**
     * The store may be another one from now on, with another clock: what the last answer told of the time is worth
     * nothing. As {@link #ask} besides.
     */
    synchronized boolean askAnew() {
        lastAnswer = null;
        return ask();
    }

    synchronized void sent(long nowNanos) {
        sentNanos = nowNanos;
    }

    synchronized Step answered(Answer answer, long nowNanos) {
        asking = false;
        if (over) {
            return new Step.Nothing();
        }
        if (answer instanceof Answer.Granted granted) {
            return finish(new LockGrant(claim, granted.token(), granted.tokens(), sentNanos, claim.leaseTime()));
        }
        if (answer instanceof Answer.Taken taken) {
            lastAnswer = new LastAnswer(sentNanos, taken.atMicros());
            return taken.queued() ? queued(taken.freeInMillis(), nowNanos) : finish(null);
        }
        return answer instanceof Answer.More ? new Step.Ask() : finish(null);
    }

    private Step queued(long freeInMillis, long nowNanos) {
        Message.Granted overtook = early;
        early = null;
        if (overtook != null) {
            return granted(overtook, nowNanos);
        }
        if (left(nowNanos).isZero()) {
            return withdraw();
        }
        return askAgain ? new Step.Ask() : new Step.AskLater(TimeUnit.MILLISECONDS.toNanos(freeInMillis));
    }

    synchronized Step failed(Throwable cause) {
        asking = false;
        unsure = true;
        return fail(cause);
    }

    /** The store cannot be reached. */
    synchronized Step fail(Throwable cause) {
        if (over) {
            return new Step.Nothing();
        }
        over = true;
        return new Step.Fail(cause);
    }

    synchronized Step received(Message message, long nowNanos) {
        if (over) {
            return new Step.Nothing();
        }
        if (message instanceof Message.Look look) {
            return new Step.AskLater(TimeUnit.MILLISECONDS.toNanos(look.inMillis()));
        }
        return clockMayChange ? new Step.Ask() : granted((Message.Granted) message, nowNanos);
    }

    private Step granted(Message.Granted message, long nowNanos) {
        LastAnswer answer = lastAnswer;
        if (answer == null) {
            // It overtook the answer to the request that put the claim into the queue: only that tells how old it is.
            early = message;
            return new Step.Nothing();
        }
        long later = TimeUnit.MICROSECONDS.toNanos(message.atMicros() - answer.atMicros());
        long validFrom = answer.sentNanos() + Math.min(later, nowNanos - answer.sentNanos());
        Duration lease = Duration.ofMillis(message.leaseMillis());
        if (nowNanos - validFrom >= lease.toNanos()) {
            return new Step.Ask();
        }
        return finish(new LockGrant(claim, message.token(), message.tokens(), validFrom, lease));
    }

    /** The time to look again, or the end of the wait time, has come. */
    synchronized Step timeCame(long nowNanos) {
        if (over) {
            return new Step.Nothing();
        }
        // With a request under way its answer decides: it may be the grant.
        return left(nowNanos).isZero() && !asking ? withdraw() : new Step.Ask();
    }

    /** From now on nothing is believed. */
    synchronized void end() {
        over = true;
    }

    /** Whether a request may reach the store later than whatever is sent from now on. */
    synchronized boolean isUnanswered() {
        return asking || unsure;
    }

    private Step withdraw() {
        over = true;
        return new Step.Withdraw();
    }

    private Step finish(@Nullable LockGrant grant) {
        over = true;
        return new Step.Finish(Optional.ofNullable(grant));
    }
}

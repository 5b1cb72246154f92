package io.distributedlock.engine;

import io.distributedlock.spi.LockGrant;
import java.util.UUID;

/**
 * How one grant of the store passes through the hands of this instance's callers, each of which gets a token of its range.
 * Of the grant itself it keeps what the {@link Terms} of whoever has it do not say: a lease is held for long, and there may
 * be very many.
 *
 * @param idStart the first half of the holder's id, which as text needs five times the room
 * @param idEnd the second half
 * @param firstToken of the grant
 * @param tokens how many the grant has
 * @param handOffs how often it was handed on here
 * @param since when it came to this instance, a reading of the monotonic clock
 */
record Tenure(long idStart, long idEnd, long firstToken, int tokens, int handOffs, long since) {

    static Tenure of(LockGrant grant, Moment now) {
        UUID id = UUID.fromString(grant.claim().holder());
        return new Tenure(
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                grant.token(),
                grant.tokens(),
                0,
                now.nanos());
    }

    String holder() {
        return new UUID(idStart, idEnd).toString();
    }

    /** Of whoever has it now. */
    long token() {
        return firstToken + handOffs;
    }

    Tenure handedOn() {
        return new Tenure(idStart, idEnd, firstToken, tokens, handOffs + 1, since);
    }

    /** Other instances must get their turn, and each caller a token of its own. */
    boolean mayBeHandedOn(EngineSettings settings, Moment now) {
        return handOffs < Math.min(settings.localHandOffs(), tokens - 1) && nanosLeft(settings, now) > 0;
    }

    /** For how long it may still be handed on: a matter of fairness, so one clock is enough. */
    long nanosLeft(EngineSettings settings, Moment now) {
        return settings.localHandOffTime().toNanos() - (now.nanos() - since);
    }
}

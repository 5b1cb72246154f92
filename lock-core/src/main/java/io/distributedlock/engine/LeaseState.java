package io.distributedlock.engine;

import io.distributedlock.LossReason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The life of one lease as arithmetic: it has no thread, no I/O and no clock of its own, and is guarded by its owner.
 *
 * <p>A lease is believed in from when its request was sent (or whatever later moment the store can vouch for) until its
 * length is over, less a margin for clocks that run differently and for answers that are slow. LOST and RELEASED are
 * final.
 */
final class LeaseState {

    enum Phase {
        HELD,
        /** A renewal failed; nobody knows what the store did. The lease is held until its time is over. */
        SUSPECT,
        LOST,
        RELEASED
    }

    /**
     * An heir who asked for much more than is left gets it after this time. In a hot chain of hand-offs it is gone by then,
     * and its renewal would only have been in the way of the next. What is left lasts longer: at least a third of a lease,
     * the shortest of which is 100 ms.
     */
    private static final long HEIR_STAYS_NANOS = 20_000_000;

    // Two moments, as readings: this object is there once for each lease, as long as it is held.
    private final long grantedNanos;
    private final long grantedMillis;
    private long validFromNanos;
    private long validFromMillis;

    private Phase phase = Phase.HELD;
    private @Nullable LossReason lossReason;

    private long leaseNanos;
    private long roundTripNanos;
    private long minHoldNanos;
    private @Nullable Duration maxHold;

    /** A reading of the monotonic clock. */
    private long nextRenewal;

    LeaseState(Moment validFrom, Duration lease) {
        this.grantedNanos = validFrom.nanos();
        this.grantedMillis = validFrom.wallMillis();
        this.validFromNanos = grantedNanos;
        this.validFromMillis = grantedMillis;
        this.leaseNanos = lease.toNanos();
        this.nextRenewal = validFromNanos + leaseNanos / 3;
    }

    private LeaseState(LeaseState before, Duration leaseTime, Moment now) {
        this.grantedNanos = now.nanos();
        this.grantedMillis = now.wallMillis();
        this.validFromNanos = before.validFromNanos;
        this.validFromMillis = before.validFromMillis;
        this.leaseNanos = before.leaseNanos;
        this.roundTripNanos = before.roundTripNanos;
        boolean isShort = storeNanosLeft(now) < leaseTime.toNanos() / 3;
        long soon = now.nanos() + HEIR_STAYS_NANOS;
        this.nextRenewal = isShort && soon - before.nextRenewal < 0 ? soon : before.nextRenewal;
    }

    /** Whether enough is left for a next holder: renewals go well, and the name need not stay taken for this one. */
    boolean isWorthHandingOn(Moment now) {
        return minHoldLeft(now) <= 0 && storeNanosLeft(now) > leaseNanos / 3;
    }

    /** The same lease in the hands of the next holder, who starts with bounds of its own. */
    LeaseState handedOn(Duration leaseTime, Moment now) {
        return new LeaseState(this, leaseTime, now);
    }

    /** The largest minimum and the smallest maximum of all handles count. */
    void bound(Duration minHold, @Nullable Duration mostHold) {
        minHoldNanos = Math.max(minHoldNanos, minHold.toNanos());
        if (maxHold == null || (mostHold != null && mostHold.compareTo(maxHold) < 0)) {
            maxHold = mostHold;
        }
    }

    boolean isOpen() {
        return phase == Phase.HELD || phase == Phase.SUSPECT;
    }

    boolean isHeld(Moment now) {
        return isOpen() && nanosLeft(now) > 0;
    }

    /** Until the deadline; zero or less when it has passed. */
    long nanosLeft(Moment now) {
        return Math.min(storeNanosLeft(now), maxHoldNanosLeft(now));
    }

    private long maxHoldNanosLeft(Moment now) {
        return maxHold == null ? Long.MAX_VALUE : maxHold.toNanos() - nanosHeld(now);
    }

    private long storeNanosLeft(Moment now) {
        return leaseNanos - marginNanos() - now.nanosSince(validFromNanos, validFromMillis);
    }

    /** By the monotonic clock alone, which never shows more than what passed: in doubt, a minimum lasts too long. */
    long minHoldLeft(Moment now) {
        return minHoldNanos - (now.nanos() - grantedNanos);
    }

    long nanosHeld(Moment now) {
        return now.nanosSince(grantedNanos, grantedMillis);
    }

    private long marginNanos() {
        return Math.min(leaseNanos / 2, Math.max(leaseNanos / 10, 2 * roundTripNanos));
    }

    long nanosUntilRenewal(Moment now) {
        return nextRenewal - now.nanos();
    }

    /** How much earlier than planned a renewal may go along with others; not at all while its holder may be gone soon. */
    long renewalSlackNanos() {
        return nextRenewal - grantedNanos <= HEIR_STAYS_NANOS ? 0 : leaseNanos / 10;
    }

    /** An answer may stay out: without one, the next attempt follows after a further third. */
    void renewalSent(Moment now) {
        nextRenewal = now.nanos() + leaseNanos / 3;
    }

    /** Nobody knows whether the store prolonged the lease: it is tried again, and held until its time is over. */
    void renewalFailed(Moment now, double jitter) {
        if (isOpen()) {
            phase = Phase.SUSPECT;
            nextRenewal = now.nanos() + (long) (Math.min(leaseNanos / 20, 1_000_000_000L) * (0.5 + jitter));
        }
    }

    /**
     * The store prolonged the lease.
     *
     * @return false if the lease is over; a renewal never revives it
     */
    boolean renewed(Moment from, Duration lease, long roundTrip, Moment now) {
        if (!isHeld(now)) {
            return false;
        }
        if (phase == Phase.SUSPECT) {
            phase = Phase.HELD; // only then: to a collector, any new reference is work
        }
        roundTripNanos = roundTrip;
        // A store never shortens: an answer that says less is about an earlier moment, or about what it adds.
        if (from.nanos() + lease.toNanos() - (validFromNanos + leaseNanos) > 0) {
            validFromNanos = from.nanos();
            validFromMillis = from.wallMillis();
            leaseNanos = lease.toNanos();
        }
        // Answers given from an old proof must not make the next renewal due at once.
        nextRenewal = Math.max(from.nanos() + leaseNanos / 3 - now.nanos(), leaseNanos / 20) + now.nanos();
        return true;
    }

    /** @return whether this call ended the lease; the first reason stays */
    boolean lose(LossReason reason) {
        if (!isOpen()) {
            return false;
        }
        phase = Phase.LOST;
        lossReason = reason;
        return true;
    }

    /** @return whether this call ended the lease */
    boolean release() {
        if (!isOpen()) {
            return false;
        }
        phase = Phase.RELEASED;
        return true;
    }

    Instant since() {
        return Instant.ofEpochMilli(grantedMillis);
    }

    boolean isPastMaxHold(Moment now) {
        return maxHoldNanosLeft(now) <= 0;
    }

    /** From when the store counts the lease, a reading of the monotonic clock. */
    long validFromNanos() {
        return validFromNanos;
    }

    /** Its whole length, as the store said last. */
    Duration lease() {
        return Duration.ofNanos(leaseNanos);
    }

    Phase phase() {
        return phase;
    }

    @Nullable
    LossReason lossReason() {
        return lossReason;
    }
}

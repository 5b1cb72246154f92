package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

/**
 * Two clocks read together. The monotonic one may stand still while the host is suspended, the wall clock may be set;
 * what passed is the larger of the two, so that doubt ends a lease too early and never too late. Readings of the wall clock
 * are whole milliseconds, which alone may make it early by one or two.
 *
 * @param nanos a {@link System#nanoTime()} reading
 * @param wallMillis a {@link System#currentTimeMillis()} reading
 */
record Moment(long nanos, long wallMillis) {

    long nanosSince(Moment earlier) {
        return nanosSince(earlier.nanos, earlier.wallMillis);
    }

    /** Since a moment of which only the readings were kept. */
    long nanosSince(long earlierNanos, long earlierWallMillis) {
        return Math.max(nanos - earlierNanos, MILLISECONDS.toNanos(wallMillis - earlierWallMillis));
    }

    /** The moment at which the monotonic clock shows another reading, as seen from this one. */
    Moment at(long otherNanos) {
        return new Moment(otherNanos, wallMillis + NANOSECONDS.toMillis(otherNanos - nanos));
    }
}

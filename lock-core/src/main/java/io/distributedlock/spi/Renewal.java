package io.distributedlock.spi;

import java.time.Duration;

/** What a store answers to the renewal of one grant. */
public sealed interface Renewal {

    /**
     * The lease runs on.
     *
     * @param validFromNanos a {@link System#nanoTime()} reading <em>not later</em> than the moment from which the store
     *     counts the prolonged lease
     * @param lease its length, without lock-delay
     */
    record Renewed(long validFromNanos, Duration lease) implements Renewal {}

    /** This holder does not have the lock with this token: the lease is over. */
    record NotHeld() implements Renewal {}

    /**
     * Nobody knows, while others of the same request were answered: the store has several servers, and one is silent.
     *
     * @param cause why
     */
    record Unknown(Throwable cause) implements Renewal {}
}

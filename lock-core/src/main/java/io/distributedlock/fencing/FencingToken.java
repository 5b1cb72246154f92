package io.distributedlock.fencing;

import io.distributedlock.Lease;

/**
 * A lease, as a resource needs to know it.
 *
 * @param lock the lock's name, for messages
 * @param epoch counts more than the number, see {@link Fence#epoch()}; from 0 to {@link #MAX_EPOCH}
 * @param number the lease's fencing token, from 1 to 2^53 − 1
 * @param holder the lease's holder: another one with the same token is refused
 */
public record FencingToken(String lock, int epoch, long number, String holder) {

    /** With a greater one, epoch and number would not fit into a long. */
    public static final int MAX_EPOCH = 1023;

    private static final int NUMBER_BITS = 53;
    private static final long MAX_NUMBER = (1L << NUMBER_BITS) - 1;

    /** Refuses what no lease can be. */
    public FencingToken {
        checkEpoch(epoch);
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException(
                    "The fencing token of lock '%s' must be between 1 and 2^53 - 1, but was %d"
                            .formatted(lock, number));
        }
        if (holder.isBlank()) {
            throw new IllegalArgumentException("The fencing token of lock '%s' has no holder".formatted(lock));
        }
    }

    /**
     * For whoever is told an epoch before there is a token.
     *
     * @param epoch to be checked
     * @throws IllegalArgumentException if it is not between 0 and {@link #MAX_EPOCH}
     */
    public static void checkEpoch(int epoch) {
        if (epoch < 0 || epoch > MAX_EPOCH) {
            throw new IllegalArgumentException(
                    "The epoch must be between 0 and %d, but was %d".formatted(MAX_EPOCH, epoch));
        }
    }

    /**
     * What a lease has.
     *
     * @param lease not asked whether it is held
     * @param epoch of this application
     * @return for resources that are entered by other means than a lease
     */
    public static FencingToken of(Lease lease, int epoch) {
        return new FencingToken(lease.name(), epoch, lease.fencingToken(), lease.holder());
    }

    /**
     * Epoch and number as one: of two, the greater is the later.
     *
     * @return at least 1
     */
    public long value() {
        return ((long) epoch << NUMBER_BITS) | number;
    }

    /**
     * The other way round.
     *
     * @param lock the lock's name, for messages
     * @param value as {@link #value()} gave it
     * @param holder the lease's holder
     * @return the token
     * @throws IllegalArgumentException if the value is none that can be
     */
    public static FencingToken ofValue(String lock, long value, String holder) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "The fencing token of lock '%s' must be at least 1, but was %d".formatted(lock, value));
        }
        return new FencingToken(lock, (int) (value >>> NUMBER_BITS), value & MAX_NUMBER, holder);
    }
}

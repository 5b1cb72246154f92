package io.distributedlock;

import java.util.List;

/** Several locks taken together: all or none. */
public interface LeaseGroup extends AutoCloseable {

    /**
     * The leases.
     *
     * @return in the order of their names, in which they were taken
     */
    List<Lease> leases();

    /**
     * Whether every one of them is still held.
     *
     * @return see {@link Lease#isHeld()}
     */
    default boolean isHeld() {
        return leases().stream().allMatch(Lease::isHeld);
    }

    /**
     * Throws when one of them is over.
     *
     * @throws LockLostException if a lease was lost
     */
    default void ensureHeld() {
        leases().forEach(Lease::ensureHeld);
    }

    /** Closes all leases, the last taken first. Never throws. */
    @Override
    void close();
}

package io.distributedlock.fencing;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;

/**
 * Keeps holders of a lock apart at what they write to. For each resource there is a mark: the greatest token that has
 * entered, and its holder. Who comes with a smaller token is refused, so a holder that stood still while its lease ran
 * out does no harm.
 *
 * <p>Enter <em>before the first read</em>. A mark that is only raised with the write lets the old holder and the new one
 * read the same state and write one after the other; the first of the two updates is lost. Nothing here compares a token
 * without raising the mark: a token that was looked at and found good may be out of date before the next statement.
 */
public interface Fence {

    /**
     * The resource that stands for all that a lock protects, where nobody has named one: what {@code guarantee = CORRECTNESS}
     * enters.
     *
     * @param namespace of the locks, as it keeps applications apart in one store
     * @param lock its name, without namespace
     * @return a name for {@link #enter}
     */
    static String resourceOf(String namespace, String lock) {
        return namespace + ":" + lock;
    }

    /**
     * Raises the mark of a resource to a token, or refuses it. The same holder may enter again with the same token. For
     * how long the mark keeps others out meanwhile is the implementation's: in a database until the transaction ends.
     *
     * @param resource what is written to, the same text for all who write to it
     * @param token who enters
     * @throws StaleTokenException if one with a greater token has entered, or another holder with the same one
     */
    void enter(String resource, FencingToken token);

    /**
     * Raises the mark of a resource to the token of a lease, or refuses it.
     *
     * @param resource what is written to, the same text for all who write to it
     * @param lease of the lock that protects the resource
     * @throws LockLostException if the lease is known to be lost; not to be known so proves nothing
     * @throws StaleTokenException as {@link #enter(String, FencingToken)}
     */
    default void enter(String resource, Lease lease) {
        lease.ensureHeld();
        enter(resource, FencingToken.of(lease, epoch()));
        FenceWatch.entered(lease);
    }

    /**
     * Whether a mark that is raised now is part of the transaction of the calling thread: undone when it is rolled back, and
     * keeping others out until it ends. {@code guarantee = CORRECTNESS} demands it.
     *
     * @return {@code false} for fences that know no transactions
     */
    default boolean joinsTransaction() {
        return false;
    }

    /**
     * The epoch of the leases of this application, which counts more than any token. To be raised by one when tokens
     * cannot grow any more by themselves: another backend was chosen, or the store was restored from an old backup.
     *
     * @return from 0 to {@link FencingToken#MAX_EPOCH}
     */
    default int epoch() {
        return 0;
    }
}

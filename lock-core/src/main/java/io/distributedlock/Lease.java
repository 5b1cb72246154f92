package io.distributedlock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lock in a caller's hand. It is renewed in the background until it is closed, lost, or its {@code maxHoldTime} is
 * over. Safe for use by several threads.
 *
 * <p>A caller that takes a lock it already holds gets a further handle on the same lease: same holder, same token. The
 * handle closed last gives the lock back.
 */
public interface Lease extends AutoCloseable {

    /**
     * The lock.
     *
     * @return its name, without namespace
     */
    String name();

    /**
     * The random id of this grant in the store, new for every claim.
     *
     * @return never empty
     */
    String holder();

    /**
     * The number of this grant among all grants of the same lock.
     *
     * <p>Positive, fits 53 bits, and greater than every token this lock had before, also after a restart of its store.
     * Gaps are normal. Send it along with every write: a resource that refuses a token smaller than the greatest it has
     * seen cannot be damaged by a holder that was paused longer than its lease.
     *
     * @return the token; it does not change while the lease lives
     * @see <a href="https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html">Kleppmann 2016</a>
     */
    long fencingToken();

    /**
     * Whether others were kept out while this was held.
     *
     * @return the mode of the grant
     */
    LockMode mode();

    /**
     * Whether the lock is still this holder's, as far as this instance can know without asking the store: the deadline
     * has not passed, the store has not said no, and this handle is not closed.
     *
     * @return {@code false} once and for all when it is over
     */
    boolean isHeld();

    /**
     * How long the lease still runs if no renewal comes.
     *
     * @return zero when it is over
     */
    Duration remaining();

    /**
     * Throws when the lease is over. Call it between steps of long work.
     *
     * @throws LockLostException if the lease was lost
     * @throws IllegalStateException if this handle was closed
     */
    void ensureHeld();

    /**
     * Completes when the lease is lost, after {@link #isHeld()} has turned false. Never completes for a lease that is
     * given back in time.
     *
     * @return the same stage on each call
     */
    CompletionStage<LossReason> lost();

    /**
     * Gives the lock back now. A second call does nothing and answers as the first.
     *
     * @return what became of it
     */
    ReleaseOutcome release();

    /**
     * Gives the lock back now, as {@link #release()}, without blocking the calling thread.
     *
     * @return completes when the store has answered, and at the latest after two seconds; never exceptionally, and never on a
     *     thread of a store's client
     */
    default CompletionStage<ReleaseOutcome> releaseAsync() {
        return CompletableFuture.completedFuture(release());
    }

    /**
     * Gives the lock back, as {@link #release()}. With Spring, inside a transaction that surrounds the lease, the lock is
     * given back when that transaction has completed. Never throws, also not for a lost lease.
     */
    @Override
    void close();
}

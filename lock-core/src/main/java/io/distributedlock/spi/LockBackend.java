package io.distributedlock.spi;

import io.distributedlock.LockInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A store that keeps locks. Asynchronous: no method blocks but the two that say so. A namespace, if any, is given when the backend is made; the
 * names here carry none.
 *
 * <p>Rules that every implementation keeps, and that the test kit checks:
 *
 * <ul>
 *   <li>Every change in the store is one atomic step that checks the owner. A late release or renewal harms nobody.
 *   <li>Tokens of one lock only grow: over releases, expiry, restarts of the store and loss of its data.
 *   <li>A claim that was withdrawn, timed out or released leaves nothing behind that could win later.
 *   <li>Acquire and release of one name reach the store in the order of the calls.
 *   <li>A backend logs nothing, translates no exceptions and decides no time-out. How to wait inside one acquire is its
 *       affair; how long, what an error means and repeating a release are the engine's.
 *   <li>Futures are completed outside of monitors and locks.
 *   <li>Connects when it is first used: making a backend never fails because a server is not reachable.
 * </ul>
 */
public interface LockBackend extends AutoCloseable {

    /**
     * What this store can do.
     *
     * @return the same value on each call
     */
    BackendCapabilities capabilities();

    /**
     * Which store at which address this is, for messages.
     *
     * @return for example {@code Redis at redis://127.0.0.1:6379}; no credentials
     */
    String description();

    /**
     * Asks for a lock, waiting in the store for at most the claim's wait time.
     *
     * <p>The same holder asking again gets the grant it already has, with the same token.
     *
     * @param claim which lock, for whom
     * @return the grant; empty when the wait time is over or the claim was released meanwhile. Exceptional when nobody
     *     knows: the claim may have been granted, so the caller asks again with the same claim or releases it
     */
    CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim);

    /**
     * As {@link #acquire}, for a thread that is going to wait for the answer in any case: the store may send and read on
     * it instead of on a thread of its own. It may be kept until the store has answered once, but not past the claim's wait
     * time, or for longer than a second where that is zero; waiting in the store's queue keeps no thread. An interrupt
     * that comes meanwhile may end it exceptionally; the thread stays interrupted.
     *
     * @param claim which lock, for whom
     * @return as {@link #acquire}
     */
    default CompletableFuture<Optional<LockGrant>> acquireInPlace(LockClaim claim) {
        return acquire(claim);
    }

    /**
     * Prolongs leases, each by the lease time of its claim, counted from when the store handles the request. Compares
     * holder and token; never creates a lock and never shortens a lease.
     *
     * @param grants which leases
     * @return one answer for each grant, in their order. Exceptional when nobody knows of any of them
     */
    CompletableFuture<List<Renewal>> renew(List<LockGrant> grants);

    /**
     * Makes whatever this claim's holder has here go away, grant or place in a queue; an acquire of the claim that is
     * under way completes empty. Idempotent.
     *
     * @param claim the claim
     * @param keep when more than zero, and the holder had the grant: the name stays taken for so long, without an owner.
     *     Without the capability for that, a store with lock-delay keeps it for the claim's lock-delay at most, and only
     *     while the client or its silence lasts; others ignore it
     * @return whether the holder had the grant
     */
    CompletableFuture<Boolean> release(LockClaim claim, Duration keep);

    /**
     * As {@link #release}, for a thread that is going to wait for the answer in any case, as with {@link #acquireInPlace}.
     * It is kept for a second at most.
     *
     * @param claim the claim
     * @param keep as in {@link #release}
     * @return as {@link #release}
     */
    default CompletableFuture<Boolean> releaseInPlace(LockClaim claim, Duration keep) {
        return release(claim, keep);
    }

    /**
     * As {@link #release}, for a thread that does not wait for the answer, but may send the request by itself. What it asks for
     * later comes to the store after this.
     *
     * @param claim the claim
     * @param keep as in {@link #release}
     * @return as {@link #release}
     */
    default CompletableFuture<Boolean> releasePipelined(LockClaim claim, Duration keep) {
        return release(claim, keep);
    }

    /**
     * Gives a lock back, and claims it right behind that for the next caller here; who waited for it elsewhere comes first.
     * For a thread that is going to wait for the answer to the release in any case, as with {@link #releaseInPlace}. Both
     * requests are independent: one may fail, or be repeated, without the other.
     *
     * @param ended the claim that is over
     * @param keep as in {@link #release}
     * @param next a claim of the same lock
     * @return both answers
     */
    default Succession releaseThenAcquire(LockClaim ended, Duration keep, LockClaim next) {
        return new Succession(release(ended, keep), acquire(next));
    }

    /**
     * Shows a lock.
     *
     * @param name the lock
     * @return holders and waiters
     */
    CompletableFuture<LockInfo> inspect(String name);

    /**
     * Takes a lock from its holders, if any; the next in the queue gets it.
     *
     * @param name the lock
     * @return a token greater than every one granted so far
     */
    CompletableFuture<Long> forceRelease(String name);

    /**
     * Asks the store how it is.
     *
     * @return exceptional when it cannot be reached
     */
    CompletableFuture<BackendStatus> check();

    /** Gives up connections of its own. Leases that are still held end by their time. Blocks for a short time at most. */
    @Override
    void close();
}

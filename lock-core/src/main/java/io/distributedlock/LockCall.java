package io.distributedlock;

import java.util.concurrent.CompletableFuture;

/**
 * Work under locks that belongs to no thread: it may wait, go on and end on any. Made by {@link LockManager#startCall}.
 *
 * <p>A thread works for a call while it has {@link #enter entered} it. Until then, and afterwards, that thread knows nothing of
 * the call's leases.
 */
public interface LockCall {

    /**
     * The leases that were asked for. Cancelling this withdraws the claim, and gives back what was granted by then.
     *
     * @return completes with open leases, or exceptionally as {@link LockManager#acquireAll} throws; never on a thread of a
     *     store's client
     */
    CompletableFuture<LeaseGroup> granted();

    /**
     * Lets the calling thread work for this call: {@link LockManager#current(String)} finds its leases, and whoever asks for a
     * lock that it holds re-enters. What the thread acquires meanwhile is its own: other threads that work for the same call at the same
     * time wait for it as for anybody's.
     *
     * @return to be closed on the same thread, scopes entered later first
     * @throws IllegalStateException if the locks are not granted yet
     */
    Scope enter();

    /** A thread's work for a call. */
    interface Scope extends AutoCloseable {

        /**
         * Lets the thread work, for a while, for what it worked for before it entered.
         *
         * @return to be closed on the same thread, before this one
         */
        Scope leave();

        /** The thread works for what it worked for before. */
        @Override
        void close();
    }
}

package io.distributedlock;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Takes locks. The bean that applications inject; safe for use by any number of threads.
 *
 * <p>A lock is a lease that the store ends by itself when it is no longer renewed. Re-entrant by call: a caller that asks
 * for a lock that it holds gets a further handle on the same lease at once.
 */
public interface LockManager {

    /**
     * Takes a lock, waiting while others have it.
     *
     * @param request which lock, and how
     * @return an open lease
     * @throws LockNotAcquiredException if others had the lock for the whole wait time
     * @throws LockBackendException if the store could not be asked within the wait time
     * @throws LockInterruptedException if the thread was interrupted; its flag is set again
     * @throws LockLostException if this caller holds the lock already by a lease that was lost
     */
    Lease acquire(LockRequest request);

    /**
     * Takes a lock if that is possible. Waits only if the request itself has a wait time.
     *
     * @param request which lock, and how
     * @return an open lease; empty when others have the lock
     * @throws LockBackendException if the store could not be asked
     * @throws LockInterruptedException if the thread was interrupted; its flag is set again
     */
    Optional<Lease> tryAcquire(LockRequest request);

    /**
     * Takes a lock without blocking a thread. The lease belongs to no thread: it is never re-entered and never
     * {@link #current() current}.
     *
     * @param request which lock, and how
     * @return completes with an open lease, or exceptionally as {@link #acquire} throws. Cancelling it withdraws the claim
     */
    CompletableFuture<Lease> acquireAsync(LockRequest request);

    /**
     * Takes several locks, all or none, in the order of their names, so that two callers never wait for each other. The
     * shortest wait time among them is the time for all. A name asked for twice is taken once.
     *
     * @param requests which locks, and how; not empty
     * @return open leases
     * @throws LockException as {@link #acquire}, about the lock that was not to be had; the others are given back
     */
    LeaseGroup acquireAll(Collection<LockRequest> requests);

    /**
     * Takes several locks as {@link #acquireAll} does, without blocking a thread, for work that belongs to none. What the
     * calling thread holds now, the new call holds as well: it re-enters those locks instead of waiting for itself.
     *
     * @param requests which locks, and how; not empty
     * @return the claim has been made; it ends when its leases are closed
     * @throws UnsupportedOperationException if this manager cannot do that
     */
    default LockCall startCall(Collection<LockRequest> requests) {
        throw new UnsupportedOperationException(getClass().getName()
                + " does not lock work that belongs to no thread; implement startCall(), for instance by delegating to a"
                + " LockEngine");
    }

    /**
     * The open lease of a lock that this call holds: the calling thread, or the {@link LockCall} it works for.
     *
     * @param name the lock
     * @return the innermost handle; empty when this call does not hold that lock
     */
    Optional<Lease> current(String name);

    /**
     * The innermost open lease that this call holds.
     *
     * @return empty when this call holds none
     * @throws IllegalStateException if the innermost is a group of several locks: ask by name
     */
    Optional<Lease> current();

    /**
     * All open leases that this call holds, for whoever has to check them together.
     *
     * @return one for each lock, the innermost handle; what {@link #current()} says, unless a manager knows more
     */
    default List<Lease> currentAll() {
        return current().stream().toList();
    }

    /**
     * Runs work under a lock and gives the lock back afterwards.
     *
     * @param request which lock, and how
     * @param work what to run
     * @param <T> what the work answers
     * @param <X> what the work may throw; its exception always wins over one of ours, which is suppressed onto it
     * @return what the work answers
     * @throws X if the work throws it
     * @throws LockLostException if the lock was lost while the work ran; the work has completed then
     */
    default <T extends @Nullable Object, X extends Throwable> T withLock(
            LockRequest request, ThrowingSupplier<T, X> work) throws X {
        try (Lease lease = acquire(request)) {
            T answer = work.get();
            lease.ensureHeld();
            return answer;
        }
    }

    /**
     * Runs work under a lock and gives the lock back afterwards.
     *
     * @param request which lock, and how
     * @param work what to run
     * @param <X> what the work may throw; its exception always wins over one of ours, which is suppressed onto it
     * @throws X if the work throws it
     * @throws LockLostException if the lock was lost while the work ran; the work has completed then
     */
    default <X extends Throwable> void withLock(LockRequest request, ThrowingRunnable<X> work) throws X {
        try (Lease lease = acquire(request)) {
            work.run();
            lease.ensureHeld();
        }
    }

    /**
     * The leases that this instance holds.
     *
     * @return a copy, in no order
     */
    List<LeaseInfo> held();

    /**
     * How many callers of this instance wait for a lock.
     *
     * @return a copy: names of locks and numbers above zero, by name
     */
    Map<String, Integer> waiting();

    /**
     * Asks the store about a lock.
     *
     * @param name the lock
     * @return holders and waiters
     * @throws LockBackendException if the store could not be asked
     */
    LockInfo inspect(String name);

    /**
     * A lock in the shape that the JDK knows. {@code lock()} waits without bound; {@code unlock()} closes the innermost
     * handle of the calling thread; conditions are not offered.
     *
     * @param name the lock
     * @return a view; making one costs nothing and takes nothing
     */
    Lock asLock(String name);
}

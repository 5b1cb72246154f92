package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one call.
 *
 * @param leases in the order in which they were taken
 */
record HeldLocks(List<Lease> leases) {

    static HeldLocks acquire(LockManager manager, List<LockRequest> requests) {
        return new HeldLocks(
                requests.size() == 1
                        ? List.of(manager.acquire(requests.get(0)))
                        : manager.acquireAll(requests).leases());
    }

    /**
     * Gives all of them back, the last taken first.
     *
     * @param around keeps them until its end, if it is active; not left to {@link Lease#close()}, which only our own
     *     manager binds to a transaction
     * @param ignoresLoss whether that transaction may commit though one of them is lost
     */
    void release(@Nullable SurroundingTransaction around, boolean ignoresLoss) {
        for (int i = leases.size() - 1; i >= 0; i--) {
            Lease lease = leases.get(i);
            if (around == null || !around.takesOver(lease, ignoresLoss)) {
                lease.release();
            }
        }
    }

    /**
     * Gives all of them back, the last taken first, without blocking the calling thread; completes when that is answered, and
     * exceptionally only if a lease breaks its promise not to.
     */
    CompletableFuture<Void> releaseAsync() {
        CompletableFuture<?>[] answers = new CompletableFuture<?>[leases.size()];
        for (int i = leases.size() - 1; i >= 0; i--) {
            try {
                answers[i] = leases.get(i).releaseAsync().toCompletableFuture();
            } catch (RuntimeException e) {
                answers[i] = CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.allOf(answers);
    }

    /** What became of the work of a call, for its caller to know what a lost lock means. */
    enum Outcome {
        COMPLETED(
                "had completed by then, and what it did stands; another holder may have done the same at the same time"),

        COMPLETED_IN_TRANSACTION(
                "had completed by then, but not the transaction around it, which this exception is to roll back; another"
                        + " holder may have worked at the same time"),

        INTERRUPTED("was interrupted for that; another holder may have worked at the same time as it"),

        FAILED("had failed by then; another holder may have worked at the same time as it");

        private final String meaning;

        Outcome(String meaning) {
            this.meaning = meaning;
        }
    }

    /** What to tell the caller of a method that has ended, if a lock was lost while it ran. */
    static @Nullable LockLostException lossDuring(List<Lease> leases, Method method, Outcome outcome) {
        for (Lease lease : leases) {
            LockLostException lost = lossOf(lease);
            if (lost != null) {
                return new LockLostException(
                        lost.lockName(),
                        "%s. %s %s"
                                .formatted(lost.getMessage(), InvalidLockException.describe(method), outcome.meaning),
                        lost.fencingToken(),
                        lost.reason());
            }
        }
        return null;
    }

    /** How a lease was lost; {@code null} when it is held, or was given back by the work itself, which has decided so. */
    static @Nullable LockLostException lossOf(Lease lease) {
        try {
            lease.ensureHeld();
            return null;
        } catch (LockLostException e) {
            return e;
        } catch (IllegalStateException givenBack) {
            return null;
        }
    }
}

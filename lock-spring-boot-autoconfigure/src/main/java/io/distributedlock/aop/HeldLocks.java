package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one call.
 *
 * @param leases in the order in which they were taken
 * @param closing gives all of them back, or leaves that to the transaction around
 */
record HeldLocks(List<Lease> leases, Runnable closing) {

    static HeldLocks acquire(LockManager manager, List<LockRequest> requests) {
        if (requests.size() == 1) {
            Lease lease = manager.acquire(requests.get(0));
            return new HeldLocks(List.of(lease), lease::close);
        }
        LeaseGroup group = manager.acquireAll(requests);
        return new HeldLocks(group.leases(), group::close);
    }

    void close() {
        closing.run();
    }

    /** Gives all of them back at once, the last taken first. */
    void release() {
        for (int i = leases.size() - 1; i >= 0; i--) {
            leases.get(i).release();
        }
    }

    /** What to tell the caller of a method that has returned, if a lock was lost while it ran. */
    @Nullable
    LockLostException lossDuring(Method method) {
        for (Lease lease : leases) {
            try {
                lease.ensureHeld();
            } catch (LockLostException e) {
                return new LockLostException(
                        e.lockName(),
                        "%s. %s had completed by then, and what it did stands; another holder may have done the same at the same time"
                                .formatted(e.getMessage(), InvalidLockException.describe(method)),
                        e.fencingToken(),
                        e.reason());
            } catch (IllegalStateException ignored) {
                // Closed by the method itself: nothing was lost.
            }
        }
        return null;
    }
}

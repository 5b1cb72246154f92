package io.distributedlock.fencing.jdbc;

import java.util.HashSet;
import java.util.Set;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The marks that transactions of the calling thread have raised which are suspended now: to raise one of them in another
 * transaction would be to wait for oneself.
 */
final class SuspendedMarks {

    private static final ThreadLocal<Set<Mark>> SUSPENDED = ThreadLocal.withInitial(HashSet::new);

    private record Mark(Marks marks, String resource) {}

    private SuspendedMarks() {}

    static void refuse(Marks marks, String resource) {
        if (SUSPENDED.get().contains(new Mark(marks, resource))) {
            throw new IllegalStateException(
                    "A transaction of this thread has entered the fence of resource '%s' and is suspended (REQUIRES_NEW, NOT_SUPPORTED): to enter again would be to wait for its end, which is waiting for this. Do both in one transaction"
                            .formatted(resource));
        }
    }

    /** To be called in the transaction that raises it. */
    static void remember(Marks marks, String resource) {
        Mark mark = new Mark(marks, resource);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void suspend() {
                SUSPENDED.get().add(mark);
            }

            @Override
            public void resume() {
                SUSPENDED.get().remove(mark);
                if (SUSPENDED.get().isEmpty()) {
                    SUSPENDED.remove();
                }
            }
        });
    }
}

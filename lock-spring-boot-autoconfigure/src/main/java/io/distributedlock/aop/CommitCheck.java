package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rolls a transaction back that was begun under a lease which is lost by the time of its commit: whatever was read since
 * then may belong to another holder. Hears of transactions from the managers that {@link CommitCheckInstaller} has told
 * of it.
 */
public final class CommitCheck implements TransactionExecutionListener {

    private static final Logger log = LoggerFactory.getLogger(CommitCheck.class);

    private final ObjectProvider<LockManager> managers;

    /** Transactions of no thread cannot be told of the check in any other way; one that is rolled back is forgotten. */
    private final Map<TransactionExecution, Check> reactive = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Made once per application.
     *
     * @param managers have the leases of a call; asked when a transaction begins
     */
    public CommitCheck(ObjectProvider<LockManager> managers) {
        this.managers = managers;
    }

    /** Whether the active transaction began while the calling thread had this lease already. */
    boolean hasTransactionBegunUnder(Lease lease) {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.getSynchronizations().stream()
                        .anyMatch(synchronization ->
                                synchronization instanceof Check check && check.hasBegunUnder(lease));
    }

    /** Of one that is not a thread's: who begins it is known only now, as the database answers on any thread. */
    @Override
    public void beforeBegin(TransactionExecution transaction) {
        if (transaction instanceof ReactiveTransaction) {
            CallUnderLock call = CallUnderLock.innermost();
            List<Lease> leases = leases(call);
            if (!leases.isEmpty()) {
                reactive.put(transaction, new Check(leases, call, true));
            }
        }
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        Check check = reactive.get(transaction);
        if (check != null) {
            check.beforeCommit(transaction.isReadOnly());
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        Check check = reactive.remove(transaction);
        if (check != null && failure == null) {
            check.afterCommit();
        }
    }

    /** Throws nothing: an exception at this moment would leave a transaction behind that nobody ends. */
    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure != null
                || transaction instanceof ReactiveTransaction
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        CallUnderLock call = CallUnderLock.innermost();
        List<Lease> leases = leases(call);
        if (!leases.isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(
                    new Check(leases, call, transaction.isNewTransaction()));
        }
    }

    private List<Lease> leases(@Nullable CallUnderLock call) {
        List<Lease> leases = new ArrayList<>();
        try {
            managers.stream().forEach(manager -> leases.addAll(manager.currentAll()));
        } catch (RuntimeException e) {
            log.warn("A LockManager could not tell the leases of this call; its annotated ones are checked alone", e);
        }
        for (CallUnderLock around = call; around != null; around = around.outer()) {
            if (around.ignoresLoss()) {
                leases.removeAll(around.leases());
            } else {
                around.leases().stream()
                        .filter(lease -> !leases.contains(lease))
                        .forEach(leases::add);
            }
        }
        return leases;
    }

    /** @throws LockLostException if it is lost; one that was given back is not */
    static void ensureNotLost(Lease lease) {
        LockLostException lost = HeldLocks.lossOf(lease);
        if (lost != null) {
            throw lost;
        }
    }

    /** Last of all before the commit: what else is done then still takes time. */
    private record Check(List<Lease> leases, @Nullable CallUnderLock call, boolean hasBegunHere)
            implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        /** By an outer handle of it, maybe. */
        boolean hasBegunUnder(Lease lease) {
            // A savepoint is told of as a transaction, and is one of an older one.
            return hasBegunHere
                    && leases.stream()
                            .anyMatch(held -> held.name().equals(lease.name())
                                    && held.holder().equals(lease.holder())
                                    && held.fencingToken() == lease.fencingToken());
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            leases.forEach(CommitCheck::ensureNotLost);
        }

        @Override
        public void afterCommit() {
            for (CallUnderLock around = call; around != null; around = around.outer()) {
                around.committed();
            }
        }
    }
}

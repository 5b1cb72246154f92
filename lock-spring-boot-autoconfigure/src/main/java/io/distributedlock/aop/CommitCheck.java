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
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Rolls a transaction back that was begun under a lease which is lost by the time of its commit: whatever was read since
 * then may belong to another holder. Hears of transactions from the managers that {@link CommitCheckInstaller} has told
 * of it.
 */
public final class CommitCheck implements TransactionExecutionListener {

    private static final boolean HAS_JDBC = ClassUtils.isPresent(
            "org.springframework.jdbc.datasource.JdbcTransactionObjectSupport", CommitCheck.class.getClassLoader());

    private static final Logger log = LoggerFactory.getLogger(CommitCheck.class);

    private final ObjectProvider<LockManager> managers;

    /** Of transactions that run; weak, as nobody promises to say how each of them has ended. */
    private final Map<TransactionExecution, Check> checks = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Made once per application.
     *
     * @param managers have the leases of a call; asked when a transaction begins
     */
    public CommitCheck(ObjectProvider<LockManager> managers) {
        this.managers = managers;
    }

    /** Whether the transaction of the annotated method that runs began while the calling thread had this lease already. */
    boolean hasTransactionBegunUnder(Lease lease) {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.getSynchronizations().stream()
                        .anyMatch(synchronization -> synchronization instanceof Begun begun
                                && !begun.isPartOfAnother()
                                && begun.check().concerns(lease)
                                && isThatOfMethod(begun.transaction()));
    }

    /** Of several managers, one keeps the synchronizations of all. */
    private static boolean isThatOfMethod(TransactionExecution transaction) {
        return !HAS_JDBC || JdbcConnections.areOne(transaction, TransactionAspectSupport.currentTransactionStatus());
    }

    /** Of one that is not a thread's: who begins it is known only now, as the database answers on any thread. */
    @Override
    public void beforeBegin(TransactionExecution transaction) {
        if (transaction instanceof ReactiveTransaction) {
            begun(transaction);
        }
    }

    /** Throws nothing: an exception at this moment would leave a transaction behind that nobody ends. */
    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure != null || transaction instanceof ReactiveTransaction) {
            return;
        }
        Check check = begun(transaction);
        if (check != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new Begun(transaction, check));
        }
    }

    private @Nullable Check begun(TransactionExecution transaction) {
        CallUnderLock call = CallUnderLock.innermost();
        List<Lease> leases = leases(call);
        if (leases.isEmpty()) {
            return null;
        }
        Check check = new Check(leases, call);
        checks.put(transaction, check);
        return check;
    }

    /** The last thing before the commit, and nothing has to be undone yet but the transaction itself. */
    @Override
    public void beforeCommit(TransactionExecution transaction) {
        Check check = checks.get(transaction);
        if (check != null) {
            check.ensureNotLost();
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        Check check = checks.remove(transaction);
        if (check != null && failure == null) {
            check.committed();
        }
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        checks.remove(transaction);
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

    /** What has to be held when a transaction commits, and who is to know that it has. */
    private record Check(List<Lease> leases, @Nullable CallUnderLock call) {

        /** By an outer handle of it, maybe. */
        boolean concerns(Lease lease) {
            return leases.stream()
                    .anyMatch(held -> held.name().equals(lease.name())
                            && held.holder().equals(lease.holder())
                            && held.fencingToken() == lease.fencingToken());
        }

        void ensureNotLost() {
            leases.forEach(CommitCheck::ensureNotLost);
        }

        void committed() {
            for (CallUnderLock around = call; around != null; around = around.outer()) {
                around.committed();
            }
        }
    }

    /** Tells those inside of a transaction since when it runs. */
    private record Begun(TransactionExecution transaction, Check check) implements TransactionSynchronization, Ordered {

        /** A savepoint is told of as a transaction, and has no commit of its own. */
        boolean isPartOfAnother() {
            return !transaction.isNewTransaction();
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            if (isPartOfAnother()) {
                check.ensureNotLost();
            }
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }
}

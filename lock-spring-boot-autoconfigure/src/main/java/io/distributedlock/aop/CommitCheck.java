package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
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

    private static final ThreadLocal<@Nullable CallUnderLock> innermost = new ThreadLocal<>();

    private final ObjectProvider<LockManager> managers;

    /**
     * Made once per application.
     *
     * @param managers have the leases of a call; asked when a transaction begins
     */
    public CommitCheck(ObjectProvider<LockManager> managers) {
        this.managers = managers;
    }

    /** A method call that has its locks. To be {@link #end ended}. */
    CallUnderLock begin(LockedMethod locked, List<Lease> leases) {
        CallUnderLock call = new CallUnderLock(innermost.get(), locked, leases);
        innermost.set(call);
        return call;
    }

    void end(CallUnderLock call) {
        if (call.outer() == null) {
            innermost.remove();
        } else {
            innermost.set(call.outer());
        }
    }

    /** The call of this thread that took its locks last; {@code null} when none did. */
    @Nullable
    CallUnderLock innermost() {
        return innermost.get();
    }

    /** Whether the active transaction began while the calling thread had this lease already. */
    boolean hasTransactionBegunUnder(Lease lease) {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.getSynchronizations().stream()
                        .anyMatch(synchronization ->
                                synchronization instanceof Check check && check.hasBegunUnder(lease));
    }

    /** Throws nothing: an exception at this moment would leave a transaction behind that nobody ends. */
    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure != null || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        CallUnderLock call = innermost.get();
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

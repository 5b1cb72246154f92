package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.lang.reflect.Method;
import java.util.function.Predicate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps a lock until the transaction around it has completed: given back before the commit, the next holder would read
 * what is not yet there, or is rolled back.
 */
public final class SurroundingTransaction implements Predicate<Lease> {

    private final ObjectProvider<TransactionAttributeSource> attributes;

    /**
     * Made once per application.
     *
     * @param attributes what methods declare about transactions
     */
    public SurroundingTransaction(ObjectProvider<TransactionAttributeSource> attributes) {
        this.attributes = attributes;
    }

    /**
     * Takes over a release when the caller is inside a transaction.
     *
     * @param lease what is being closed
     * @return whether it will be released when the transaction has completed
     */
    @Override
    public boolean test(Lease lease) {
        if (!isActive()) {
            return false;
        }
        TransactionSynchronizationManager.registerSynchronization(new ReleaseAfterCompletion(lease));
        return true;
    }

    boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    /** Whether a method does not take part in the transaction of its caller: what it writes is final when it returns. */
    boolean isLeftBy(Method method, Class<?> targetClass) {
        return attributes.stream()
                .map(source -> source.getTransactionAttribute(method, targetClass))
                .filter(attribute -> attribute != null)
                .findFirst()
                .map(TransactionAttribute::getPropagationBehavior)
                .filter(propagation -> propagation == TransactionDefinition.PROPAGATION_REQUIRES_NEW
                        || propagation == TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                .isPresent();
    }

    /** Last of all, so that whatever else waits for the end of the transaction still happens under the lock. */
    private record ReleaseAfterCompletion(Lease lease) implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void afterCompletion(int status) {
            lease.release();
        }
    }
}

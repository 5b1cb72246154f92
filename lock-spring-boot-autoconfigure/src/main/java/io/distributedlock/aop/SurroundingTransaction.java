package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

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
     * Takes over a release when the caller is inside a transaction, which is rolled back if the lease is lost by the time of
     * its commit.
     *
     * @param lease what is being closed
     * @return whether it will be released when the transaction has completed
     */
    @Override
    public boolean test(Lease lease) {
        return takesOver(lease, false);
    }

    boolean takesOver(Lease lease, boolean ignoresLoss) {
        if (!isActive()) {
            return false;
        }
        TransactionSynchronizationManager.registerSynchronization(new ReleaseAfterCompletion(lease, ignoresLoss));
        return true;
    }

    boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    /**
     * Whether a method will not take part in the transaction that is active: what it writes is final when it returns.
     * Where transactions begin outside of the lock, the active one can be the method's own already.
     */
    boolean isLeftBy(Method method, Class<?> targetClass) {
        return isLeftBy(method, targetClass, TransactionSynchronizationManager.getCurrentTransactionName());
    }

    /** @param active the name of the transaction that is active */
    boolean isLeftBy(Method method, Class<?> targetClass, @Nullable String active) {
        return attribute(method, targetClass)
                        .map(TransactionAttribute::getPropagationBehavior)
                        .filter(propagation -> propagation == TransactionDefinition.PROPAGATION_REQUIRES_NEW
                                || propagation == TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                        .isPresent()
                && !isOwnOf(method, targetClass, active);
    }

    /** Whether the active transaction has begun for a call of this method; it is known by its name. */
    boolean isOwnOf(Method method, Class<?> targetClass) {
        return isOwnOf(method, targetClass, TransactionSynchronizationManager.getCurrentTransactionName());
    }

    private boolean isOwnOf(Method method, Class<?> targetClass, @Nullable String active) {
        return attribute(method, targetClass)
                .map(attribute -> nameOf(attribute, method, targetClass))
                .filter(name -> name.equals(active))
                .isPresent();
    }

    private static String nameOf(TransactionAttribute attribute, Method method, Class<?> targetClass) {
        String name = attribute.getName();
        if (name == null && attribute instanceof DefaultTransactionAttribute described) {
            name = described.getDescriptor();
        }
        return name == null ? ClassUtils.getQualifiedMethodName(method, targetClass) : name;
    }

    /** What a method declares about transactions. */
    Optional<TransactionAttribute> attribute(Method method, Class<?> targetClass) {
        return attributes.stream()
                .map(source -> source.getTransactionAttribute(method, targetClass))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Whether a method runs in a transaction when it is called where none is active. */
    boolean isBegunBy(Method method, Class<?> targetClass) {
        return attribute(method, targetClass)
                .filter(SurroundingTransaction::begins)
                .isPresent();
    }

    static boolean begins(TransactionAttribute attribute) {
        int propagation = attribute.getPropagationBehavior();
        return propagation == TransactionDefinition.PROPAGATION_REQUIRED
                || propagation == TransactionDefinition.PROPAGATION_REQUIRES_NEW
                || propagation == TransactionDefinition.PROPAGATION_NESTED;
    }

    /** Last of all, so that whatever else waits for the end of the transaction still happens under the lock. */
    private record ReleaseAfterCompletion(Lease lease, boolean ignoresLoss)
            implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            if (!ignoresLoss) {
                CommitCheck.ensureNotLost(lease);
            }
        }

        @Override
        public void afterCompletion(int status) {
            lease.release();
        }
    }
}

package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Keeps locks until the reactive transaction around them has completed, as {@link SurroundingTransaction} does on a thread. */
final class ReactiveTransactions {

    private ReactiveTransactions() {}

    /**
     * Takes over a release when the subscriber is inside a transaction.
     *
     * @param ignoresLoss whether that transaction may commit though one of the leases is lost
     * @param joins whether the work takes part in the transaction of a name
     * @return whether the leases will be released when a transaction has completed
     */
    static Mono<Boolean> takeOver(List<Lease> leases, boolean ignoresLoss, Predicate<@Nullable String> joins) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .onErrorResume(NoTransactionException.class, none -> Mono.empty())
                .filter(around -> around.isActualTransactionActive()
                        && around.isSynchronizationActive()
                        && joins.test(around.getCurrentTransactionName()))
                .doOnNext(around -> leases.forEach(
                        lease -> around.registerSynchronization(new ReleaseAfterCompletion(lease, ignoresLoss))))
                .hasElement();
    }

    private record ReleaseAfterCompletion(Lease lease, boolean ignoresLoss)
            implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public Mono<Void> beforeCommit(boolean readOnly) {
            return ignoresLoss ? Mono.empty() : Mono.fromRunnable(() -> CommitCheck.ensureNotLost(lease));
        }

        @Override
        public Mono<Void> afterCompletion(int status) {
            return Mono.fromCompletionStage(lease::releaseAsync).then();
        }
    }
}

package io.distributedlock.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Before Boot's own, which would say no more than that properties could not be bound. */
@Order(0)
final class InvalidLockConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLockConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidLockConfigurationException cause) {
        return new FailureAnalysis(cause.problem() + ".", cause.mend() + ".", cause);
    }
}

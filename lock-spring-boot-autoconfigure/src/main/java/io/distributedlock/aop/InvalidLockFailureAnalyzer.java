package io.distributedlock.aop;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which method's lock cannot work, and how to mend it. */
final class InvalidLockFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLockException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidLockException cause) {
        return new FailureAnalysis(cause.problem(), cause.mend(), cause);
    }
}

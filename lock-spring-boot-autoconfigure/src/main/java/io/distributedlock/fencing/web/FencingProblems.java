package io.distributedlock.fencing.web;

import io.distributedlock.fencing.StaleTokenException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers with a problem whoever comes without a token (428), with none that can be (400), or with one that is out of date
 * (412); last, so that an application may answer otherwise.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class FencingProblems {

    /**
     * Passes on what the exception has.
     *
     * @param refused what was wrong with the header
     * @return 400 or 428, to be answered as problem+json
     */
    @ExceptionHandler
    public ProblemDetail refused(FencingTokenException refused) {
        return refused.getBody();
    }

    /**
     * Makes a problem of it.
     *
     * @param stale what the fence said
     * @return 412, to be answered as problem+json
     */
    @ExceptionHandler
    public ProblemDetail stale(StaleTokenException stale) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.PRECONDITION_FAILED, String.valueOf(stale.getMessage()));
        problem.setTitle("Stale fencing token");
        problem.setProperty("lock", stale.lockName());
        problem.setProperty("resource", stale.resource());
        return problem;
    }
}

package io.distributedlock.sample;

import io.distributedlock.LockException;
import io.distributedlock.LockNotAcquiredException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says what went wrong as {@code application/problem+json}. */
@RestControllerAdvice
class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** Nothing was done, and the same call may well succeed later. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> contended(LockNotAcquiredException e) {
        log.info("{}", e.getMessage());
        return later(
                HttpStatus.CONFLICT,
                "Somebody else is at it",
                "Another call works on %s. Nothing was done; try again.".formatted(e.lockName()));
    }

    /** The store of the locks did not answer, or the lock was lost and the transaction with it. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> withoutLock(LockException e) {
        log.warn("{}", e.getMessage());
        return later(
                HttpStatus.SERVICE_UNAVAILABLE,
                "No lock, no work",
                "The lock %s could not be had or kept. Look at the state, then try again.".formatted(e.lockName()));
    }

    @ExceptionHandler
    ProblemDetail soldOut(SoldOutException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, "Sold out", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail notFound(NotFoundException e) {
        return problem(HttpStatus.NOT_FOUND, "Not found", e.getMessage());
    }

    private static ResponseEntity<ProblemDetail> later(HttpStatus status, String title, String detail) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(problem(status, title, detail));
    }

    private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setTitle(title);
        problem.setDetail(detail);
        return problem;
    }
}

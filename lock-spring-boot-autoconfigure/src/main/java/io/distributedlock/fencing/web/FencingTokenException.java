package io.distributedlock.fencing.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request to a fenced resource has no fencing token (428), or one that cannot be (400). */
public final class FencingTokenException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    private FencingTokenException(HttpStatus status, String detail) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }

    static FencingTokenException missing() {
        return new FencingTokenException(
                HttpStatus.PRECONDITION_REQUIRED,
                "This resource is fenced: send the header %s, <lock>;<token>;<holder>, while you hold its lock"
                        .formatted(FencingTokenHeader.NAME));
    }

    static FencingTokenException invalid(String value, String problem) {
        return new FencingTokenException(
                HttpStatus.BAD_REQUEST,
                "The header %s '%s' is refused: %s".formatted(FencingTokenHeader.NAME, value, problem));
    }
}

package io.distributedlock.redis;

import java.util.concurrent.CompletionException;

/** What futures make of exceptions. */
final class Failures {

    private Failures() {}

    /** Without the wrapping of dependent futures. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}

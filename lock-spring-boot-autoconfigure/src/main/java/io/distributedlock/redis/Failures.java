package io.distributedlock.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import java.util.concurrent.CompletionException;

/** What futures make of exceptions. */
final class Failures {

    private Failures() {}

    /** Without the wrapping of dependent futures. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** Whether the server is a replica, or was made one: a script says so in words only. */
    static boolean isReadOnly(Throwable error) {
        return error instanceof RedisReadOnlyException
                || (error instanceof RedisCommandExecutionException
                        && String.valueOf(error.getMessage()).contains("READONLY"));
    }

    /** Whether the server does not know the script by its digest. */
    static boolean isUnknownScript(Throwable error) {
        return error instanceof RedisNoScriptException
                || (error instanceof RedisCommandExecutionException
                        && String.valueOf(error.getMessage()).startsWith("NOSCRIPT"));
    }

    /** What it all began with. */
    static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The client says where it could not connect, and only its cause says why. */
    static Throwable withReason(Throwable error) {
        Throwable reason = root(error);
        return error instanceof RedisConnectionException && reason != error
                ? new RedisConnectionException(
                        String.valueOf(error.getMessage()).replace("/<unresolved>", "") + ": " + reason.getMessage(),
                        error)
                : error;
    }
}

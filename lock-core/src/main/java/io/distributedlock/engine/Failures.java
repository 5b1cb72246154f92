package io.distributedlock.engine;

import io.distributedlock.LockBackendException;
import io.distributedlock.LockInfo;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockLostException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Every exception of the engine, worded in one place: which lock, what happened, what to do. */
final class Failures {

    private final String backend;

    Failures(String backend) {
        this.backend = backend;
    }

    LockNotAcquiredException notAcquired(String name, Duration waited, Duration waitTime, String holder) {
        String time = waitTime.isZero()
                ? "at once, as its waitTime of 0 asks"
                : "within the waitTime of %s (waited %d ms)".formatted(waitTime, waited.toMillis());
        return new LockNotAcquiredException(
                name, "Lock '%s' was not acquired %s: %s".formatted(name, time, holder), waited);
    }

    static String heldBy(@Nullable LockInfo lock) {
        if (lock == null || lock.holders().isEmpty()) {
            return "another holder has it";
        }
        LockInfo.Holder holder = lock.holders().get(0);
        return "it is held by %s since %s with fencing token %d"
                .formatted(
                        holder.info() == null ? "an unnamed holder" : holder.info(),
                        holder.since() == null ? "an unknown time" : holder.since(),
                        holder.fencingToken());
    }

    LockBackendException notAnswered(String name, String action, Duration waited) {
        return new LockBackendException(
                name,
                "Could not %s lock '%s' in %s: it did not answer within %d ms"
                        .formatted(action, name, backend, waited.toMillis()),
                null);
    }

    LockBackendException failed(String name, String action, Throwable failure) {
        Throwable cause = unwrap(failure);
        return new LockBackendException(
                name, "Could not %s lock '%s' in %s: %s".formatted(action, name, backend, reasons(cause)), cause);
    }

    LockBackendException shuttingDown(String name) {
        return new LockBackendException(
                name, "Lock '%s' was not acquired: this LockManager is shut down".formatted(name), null);
    }

    static LockInterruptedException interrupted(String name, InterruptedException cause) {
        return new LockInterruptedException(
                name, "Interrupted while waiting for lock '%s'; the claim is withdrawn".formatted(name), cause);
    }

    static LockLostException lost(String name, long token, LossReason reason) {
        return new LockLostException(
                name,
                "Lock '%s' (fencing token %d) was lost while its holder was still working (%s); writes guarded by the token are safe, others may have overlapped"
                        .formatted(name, token, reason),
                token,
                reason);
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A client's first message often says only that something failed; the last one says why. */
    private static String reasons(Throwable failure) {
        String first = said(failure);
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root == failure ? first : first + ": " + said(root);
    }

    private static String said(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}

package io.distributedlock.engine;

import io.distributedlock.LockInfo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store, shortly before a caller's wait time is over, who has the lock: for the message, and to tell a lock that
 * others have from a store that does not answer. Callers that end at about the same time share one question.
 */
final class HolderProbe {

    static final Duration AHEAD = Duration.ofMillis(100);

    private final String name;
    private final EngineParts parts;
    private volatile @Nullable CompletableFuture<LockInfo> asked;
    private volatile long askedAt;

    HolderProbe(String name, EngineParts parts) {
        this.name = name;
        this.parts = parts;
    }

    void ask() {
        CompletableFuture<LockInfo> last = asked;
        long now = parts.clock().nanos();
        if (last != null && !last.isCompletedExceptionally() && now - askedAt < AHEAD.toNanos()) {
            return;
        }
        askedAt = now;
        try {
            asked = parts.backend().inspect(name);
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
    }

    /** Whether the store's answer explains why nothing was granted; of a free lock it does not, when the claim failed. */
    boolean explains(@Nullable Throwable claimFailure) {
        LockInfo answer = answer();
        return answer != null && (claimFailure == null || !answer.holders().isEmpty());
    }

    String holder() {
        return Failures.heldBy(answer());
    }

    @Nullable
    Throwable failure() {
        CompletableFuture<LockInfo> last = asked;
        return last == null || !last.isCompletedExceptionally()
                ? null
                : last.handle((answer, failure) -> failure).join();
    }

    private @Nullable LockInfo answer() {
        CompletableFuture<LockInfo> last = asked;
        return last == null || !last.isDone() || last.isCompletedExceptionally() ? null : last.join();
    }
}

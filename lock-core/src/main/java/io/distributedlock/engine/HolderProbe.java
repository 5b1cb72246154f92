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

    /** How long before the end of a wait: time for a slow store to answer. */
    static final Duration AHEAD = Duration.ofSeconds(1);

    private static final long SHARED_NANOS = Duration.ofMillis(100).toNanos();

    private final String name;
    private final EngineParts parts;
    private volatile @Nullable Question last;

    private record Question(CompletableFuture<LockInfo> answer, long at) {}

    HolderProbe(String name, EngineParts parts) {
        this.name = name;
        this.parts = parts;
    }

    /**
     * Finds out who has the lock.
     *
     * @param since what was asked before this reading of the clock says nothing to the caller
     * @param heldHere what is known without the store; {@code null} = nothing
     */
    void ask(long since, @Nullable LockInfo heldHere) {
        long now = parts.clock().nanos();
        if (heldHere != null) {
            last = new Question(CompletableFuture.completedFuture(heldHere), now);
            return;
        }
        Question shared = fresh(since);
        if (shared != null && now - shared.at < SHARED_NANOS && !shared.answer.isCompletedExceptionally()) {
            return;
        }
        CompletableFuture<LockInfo> answer;
        try {
            answer = parts.backend().inspect(name);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        last = new Question(answer, now);
    }

    /**
     * Whether the store's answer explains why nothing was granted. When the claim failed, it does only where somebody else has
     * the lock: the claim itself may have it, and does not know, or may not believe it.
     *
     * @param claimant the holder that the claim was made for
     */
    boolean explains(long since, @Nullable Throwable claimFailure, @Nullable String claimant) {
        LockInfo answer = answer(since);
        return answer != null
                && (claimFailure == null
                        || answer.holders().stream()
                                .anyMatch(present -> !present.holder().equals(claimant)));
    }

    String holder(long since) {
        return Failures.heldBy(answer(since));
    }

    @Nullable
    Throwable failure(long since) {
        Question question = fresh(since);
        return question == null || !question.answer.isCompletedExceptionally()
                ? null
                : question.answer.handle((answer, failure) -> failure).join();
    }

    private @Nullable LockInfo answer(long since) {
        Question question = fresh(since);
        return question == null || !question.answer.isDone() || question.answer.isCompletedExceptionally()
                ? null
                : question.answer.join();
    }

    private @Nullable Question fresh(long since) {
        Question question = last;
        return question == null || question.at - since < 0 ? null : question;
    }
}

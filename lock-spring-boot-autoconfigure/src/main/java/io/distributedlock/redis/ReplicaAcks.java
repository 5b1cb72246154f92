package io.distributedlock.redis;

import io.distributedlock.spi.LockGrant;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether replicas have a grant: only then it survives the loss of the server that gave it.
 *
 * <p>{@code WAIT} keeps its connection until enough replicas have answered, so it has one of its own. It speaks of what was
 * written on that connection: a marker is, behind the look whether this server has the grant at all. After a failover it may
 * not, for the connections may lead to different servers, and the replicas of one say nothing about the other's writes.
 * One {@code WAIT} at a time; those who come meanwhile share the next.
 */
final class ReplicaAcks implements AutoCloseable {

    /** Replicas that are a second behind may lose a second's grants. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long MARKER_MILLIS = 1_000;

    private final CommandLink link;
    private final LockKeys keys;
    private final int least;
    private final String description;

    // guarded by this
    private List<Question> waiting = new ArrayList<>();
    private boolean asking;

    /**
     * Asks nothing yet.
     *
     * @param link of its own: whatever goes by it waits for the replicas
     * @param least how many replicas must have a grant
     * @param description of the server, for messages
     */
    ReplicaAcks(CommandLink link, LockKeys keys, int least, String description) {
        this.link = link;
        this.keys = keys;
        this.least = least;
        this.description = description;
    }

    private record Question(LockGrant grant, CompletableFuture<LockGrant> answer) {

        String name() {
            return grant.claim().name();
        }
    }

    /** How many replicas have what, as one round found it. */
    private record Findings(List<CompletableFuture<String>> values, long replicas) {}

    /** The grant, when enough replicas have it; else exceptional, and it may be lost with its server. */
    CompletableFuture<LockGrant> of(LockGrant grant) {
        Question question = new Question(grant, new CompletableFuture<>());
        synchronized (this) {
            waiting.add(question);
            if (asking) {
                return question.answer;
            }
            asking = true;
        }
        askNext();
        return question.answer;
    }

    private void askNext() {
        List<Question> questions;
        synchronized (this) {
            questions = waiting;
            waiting = new ArrayList<>();
            asking = !questions.isEmpty();
        }
        if (!questions.isEmpty()) {
            link.send(redis -> ask(redis, questions)).whenComplete((findings, failure) -> {
                askNext();
                for (int i = 0; i < questions.size(); i++) {
                    answer(questions.get(i), i, findings, failure);
                }
            });
        }
    }

    private CompletionStage<Findings> ask(RedisAsyncCommands<String, String> redis, List<Question> questions) {
        // Each by itself: in a Cluster one command cannot be about several locks.
        List<CompletableFuture<String>> values = questions.stream()
                .map(question -> redis.get(keys.lock(question.name())).toCompletableFuture())
                .toList();
        String marker = keys.marker(questions.get(0).name());
        CompletionStage<String> marked = redis.set(marker, "", SetArgs.Builder.px(MARKER_MILLIS));
        CompletionStage<Long> replicas = redis.waitForReplication(least, PATIENCE.toMillis());
        return marked.thenCombine(replicas, (ok, count) -> new Findings(values, count));
    }

    private void answer(Question question, int place, @Nullable Findings findings, @Nullable Throwable failure) {
        if (findings == null) {
            question.answer.completeExceptionally(Objects.requireNonNull(failure));
        } else if (!isThere(question.grant, findings.values.get(place))) {
            question.answer.completeExceptionally(new RedisException(
                    "%s does not have the grant of lock '%s' (any more): it may have been replaced by another server"
                            .formatted(description, question.name())));
        } else if (findings.replicas < least) {
            question.answer.completeExceptionally(new RedisException(
                    "%d replicas of %s had the grant of lock '%s' after %s, but min-replica-acks is %d: bring replicas back, or demand fewer"
                            .formatted(findings.replicas, description, question.name(), PATIENCE, least)));
        } else {
            question.answer.complete(question.grant);
        }
    }

    /** It was asked for before the replicas were: the answer is there. */
    private static boolean isThere(LockGrant grant, CompletableFuture<String> value) {
        String found = value.isCompletedExceptionally() ? null : value.getNow(null);
        return found != null && found.startsWith(StoredLock.beginning(grant));
    }

    @Override
    public void close() {
        link.close();
    }
}

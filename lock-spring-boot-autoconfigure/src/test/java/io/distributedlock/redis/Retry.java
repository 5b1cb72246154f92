package io.distributedlock.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What an engine does when the store does not answer: the same again. */
final class Retry {

    private Retry() {}

    static <T> T untilAnswered(Supplier<CompletableFuture<T>> call) {
        AtomicReference<T> answer = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(CompletionException.class)
                .until(() -> {
                    answer.set(call.get().join());
                    return true;
                });
        return answer.get();
    }
}

package io.distributedlock.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a caller sends one behind the other, and waits for: collected, then sent as one command by the caller's own
 * thread when nothing else is under way, else as those of others.
 */
final class Together implements Route {

    private final Route otherwise;
    private final @Nullable BiPredicate<Duration, RequestBatch> inOne;
    private final List<Part<?>> parts = new ArrayList<>();

    /**
     * Collects nothing yet.
     *
     * @param otherwise for each by itself
     * @param inOne sends them as one command, if that is possible now; {@code null} = it never is
     */
    Together(Route otherwise, @Nullable BiPredicate<Duration, RequestBatch> inOne) {
        this.otherwise = otherwise;
        this.inOne = inOne;
    }

    private static final class Part<T> {

        private final Duration patience;
        private final Script script;
        private final String[] keys;
        private final Supplier<String[]> arguments;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        Part(Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
            this.patience = patience;
            this.script = script;
            this.keys = keys;
            this.arguments = arguments;
        }

        Request<T> request() {
            return new Request<>(script, keys, arguments.get(), Request.into(answer));
        }

        void sendBy(Route route) {
            route.<T>eval(patience, script, keys, arguments).whenComplete(Request.into(answer));
        }
    }

    @Override
    public <T> CompletableFuture<T> eval(
            Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        Part<T> part = new Part<>(patience, script, keys, arguments);
        parts.add(part);
        return part.answer;
    }

    @Override
    public boolean keepsCaller() {
        return true;
    }

    void send() {
        RequestBatch batch = new RequestBatch();
        boolean isOne = inOne != null
                && parts.size() > 1
                && parts.stream().map(Part::request).allMatch(part -> RequestBatch.isFor(part) && batch.add(part));
        // The caller waits for the first of them; the others may be for callers who have less time.
        if (inOne == null || !isOne || !inOne.test(parts.get(0).patience, batch)) {
            parts.forEach(part -> part.sendBy(otherwise));
        }
    }
}

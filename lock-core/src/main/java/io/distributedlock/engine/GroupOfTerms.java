package io.distributedlock.engine;

import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Locks that one call wants together.
 *
 * @param terms in the order of their names, so that two callers never wait for each other; a name asked for twice once
 * @param waitTime the shortest among them, for all together
 * @param since when it began to wait
 */
record GroupOfTerms(List<Terms> terms, Duration waitTime, Moment since, EngineParts parts) {

    static GroupOfTerms of(Collection<LockRequest> requests, Function<LockRequest, Terms> complete, EngineParts parts) {
        if (requests.isEmpty()) {
            throw new IllegalArgumentException(
                    "Several locks are taken for at least one request; to lock nothing, do not call it");
        }
        Map<String, Terms> byName = new TreeMap<>();
        requests.forEach(request -> byName.putIfAbsent(request.name(), complete.apply(request)));
        Duration wait = byName.values().stream()
                .map(Terms::waitTime)
                .min(Duration::compareTo)
                .orElseThrow();
        return new GroupOfTerms(
                List.copyOf(byName.values()), wait, parts.clock().now(), parts);
    }

    /**
     * One of them, for the time that is left.
     *
     * @throws LockNotAcquiredException if none is
     */
    Terms withinTime(Terms one) {
        Duration waited = Duration.ofNanos(parts.clock().nanos() - since.nanos());
        if (!waitTime.isZero() && waited.compareTo(waitTime) >= 0) {
            throw parts.failures().notAcquired(one.name(), waited, waitTime, "the time was over before its turn came");
        }
        return one.withinGroup(waitTime.isZero() ? waitTime : waitTime.minus(waited), waitTime, since);
    }
}

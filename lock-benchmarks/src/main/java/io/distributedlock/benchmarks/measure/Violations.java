package io.distributedlock.benchmarks.measure;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** How often a lock was caught. Many threads may tell at once: that is what they tell of. */
public final class Violations {

    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<String> first = new AtomicReference<>("");

    void add(String what) {
        count.incrementAndGet();
        first.compareAndSet("", what);
    }

    void overlap(int worker, long other) {
        add("worker %d was inside together with worker %d".formatted(worker, other));
    }

    void order(int worker, long token, long last) {
        add("worker %d got token %d after token %d".formatted(worker, token, last));
    }

    /**
     * How many there were.
     *
     * @return zero for a lock that works
     */
    public long count() {
        return count.get();
    }

    /**
     * The first one, in words.
     *
     * @return empty if there was none
     */
    public String first() {
        return Objects.requireNonNullElse(first.get(), "");
    }
}

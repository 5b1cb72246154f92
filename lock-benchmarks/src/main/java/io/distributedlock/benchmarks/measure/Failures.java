package io.distributedlock.benchmarks.measure;

/** What went wrong: how often, and the first of it. */
public final class Failures {

    private long count;
    private String first = "";

    /**
     * One more.
     *
     * @param what in words
     */
    public synchronized void add(String what) {
        if (count++ == 0) {
            first = what;
        }
    }

    /**
     * All of it.
     *
     * @return in words; empty if nothing went wrong
     */
    public synchronized String text() {
        return count == 0 ? "" : "%d failed, the first with %s".formatted(count, first);
    }
}

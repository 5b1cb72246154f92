package io.distributedlock.benchmarks.measure;

/** What went wrong in a slice: how often, and the first of it. */
final class Failures {

    private long count;
    private String first = "";

    synchronized void add(String what) {
        if (count++ == 0) {
            first = what;
        }
    }

    /** Empty if nothing did. */
    synchronized String text() {
        return count == 0 ? "" : "%d failed, the first with %s".formatted(count, first);
    }
}

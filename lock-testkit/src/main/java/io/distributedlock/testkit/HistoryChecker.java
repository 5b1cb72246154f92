package io.distributedlock.testkit;

import io.distributedlock.spi.LockGrant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes down who held which lock when, and finds what must not be: two holders at a time, or a token that is not
 * greater than the one before. Safe for use by any number of threads of one JVM.
 *
 * <p>Record a grant <em>after</em> it is known and its end <em>before</em> the release is sent: then no correct backend
 * can be accused, however slow the threads are.
 */
public final class HistoryChecker {

    /**
     * One holder's time.
     *
     * @param name the lock
     * @param token fencing token of the grant
     * @param from {@code nanoTime} reading after the grant was known
     * @param to {@code nanoTime} reading before the lock was given back, or the end of the lease if that was earlier
     */
    public record Hold(String name, long token, long from, long to) {}

    private final ConcurrentLinkedQueue<Hold> holds = new ConcurrentLinkedQueue<>();

    /** Starts with an empty history. */
    public HistoryChecker() {}

    /**
     * Runs a critical section and records it.
     *
     * @param grant what the store granted just now
     * @param section the work; the lock is given back after this method
     */
    public void held(LockGrant grant, Runnable section) {
        long from = System.nanoTime();
        try {
            section.run();
        } finally {
            record(new Hold(grant.claim().name(), grant.token(), from, System.nanoTime()));
        }
    }

    /**
     * Records a holder's time.
     *
     * @param hold see there which readings to take
     */
    public void record(Hold hold) {
        holds.add(hold);
    }

    /**
     * How much was recorded.
     *
     * @return number of holds over all locks
     */
    public int size() {
        return holds.size();
    }

    /**
     * Looks for two holders at a time, and for tokens that do not grow with time.
     *
     * @return a sentence for each finding; empty when the history is as it must be
     */
    public List<String> violations() {
        Map<String, List<Hold>> byName = new TreeMap<>();
        holds.forEach(hold ->
                byName.computeIfAbsent(hold.name(), name -> new ArrayList<>()).add(hold));
        List<String> found = new ArrayList<>();
        byName.values().forEach(history -> check(history, found));
        return found;
    }

    /**
     * Fails when there is a violation.
     *
     * @throws AssertionError with all findings
     */
    public void verify() {
        List<String> found = violations();
        if (!found.isEmpty()) {
            throw new AssertionError(String.join(System.lineSeparator(), found));
        }
    }

    private static void check(List<Hold> history, List<String> found) {
        // Readings may be negative and may overflow: compare differences only.
        long origin = history.get(0).from();
        history.sort(Comparator.comparingLong(hold -> hold.from() - origin));
        Hold longest = history.get(0);
        for (int i = 1; i < history.size(); i++) {
            Hold previous = history.get(i - 1);
            Hold next = history.get(i);
            if (next.from() - longest.to() < 0) {
                found.add("Lock '%s' had two holders for at least %d ns: token %d was granted while token %d was held"
                        .formatted(
                                next.name(),
                                Math.min(longest.to() - next.from(), next.to() - next.from()),
                                next.token(),
                                longest.token()));
            }
            if (next.token() <= previous.token()) {
                found.add("Token %d of lock '%s' was granted after token %d"
                        .formatted(next.token(), next.name(), previous.token()));
            }
            if (next.to() - longest.to() > 0) {
                longest = next;
            }
        }
    }
}

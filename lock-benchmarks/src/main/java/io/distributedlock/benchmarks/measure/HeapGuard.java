package io.distributedlock.benchmarks.measure;

/**
 * For the threads of one JVM and one turn. Nothing here is atomic: only the lock keeps two threads from writing over each
 * other, and where it does not, an entry is found missing in the end.
 */
public final class HeapGuard implements Guard {

    private final Violations violations = new Violations();
    private volatile int inside;
    private volatile long lastToken;
    private long entries;

    /**
     * For the next turn at the same lock.
     *
     * @return nobody is inside, and tokens go on from here
     */
    public HeapGuard next() {
        HeapGuard next = new HeapGuard();
        next.lastToken = lastToken;
        return next;
    }

    @Override
    public void entered(int worker, long token) {
        int other = inside;
        if (other != 0) {
            violations.overlap(worker, other);
        }
        inside = worker;
        entries++;
        if (token != 0) {
            if (token <= lastToken) {
                violations.order(worker, token, lastToken);
            }
            lastToken = token;
        }
    }

    @Override
    public void left(int worker) {
        int other = inside;
        if (other != worker) {
            violations.overlap(worker, other);
        }
        inside = 0;
    }

    /**
     * Compares what was counted inside the lock with what its callers have counted, when all of them have ended.
     *
     * @param counted by each caller for itself, added up
     */
    public void end(long counted) {
        if (entries != counted) {
            violations.add("%d entries were counted inside the lock, and %d outside".formatted(entries, counted));
        }
    }

    @Override
    public Violations violations() {
        return violations;
    }
}

package io.distributedlock.benchmarks.measure;

import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;

/** A client that wants what another one holds: all its attempts are to be refused. */
public final class Intruder {

    private final LockClient client;
    private final Violations violations = new Violations();
    private final Failures failures = new Failures();

    /**
     * Tries nothing yet.
     *
     * @param client other than the one that holds the locks
     */
    public Intruder(LockClient client) {
        this.client = client;
    }

    /**
     * Tries some of many locks, spread evenly, without waiting. What it gets it gives back.
     *
     * @param prefix of their names; a number from zero follows
     * @param count how many are held
     * @param attempts how many to try; all, if there are not so many
     */
    public void tryLocks(String prefix, int count, int attempts) {
        int tried = Math.min(count, attempts);
        for (int i = 0; i < tried; i++) {
            String name = prefix + (long) i * count / tried;
            try {
                Mutex mutex = client.mutex(name);
                if (mutex.tryAcquire()) {
                    violations.add(name + " was granted while another client held it");
                    mutex.release();
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
    }

    /**
     * What was granted.
     *
     * @return all of it
     */
    public Violations violations() {
        return violations;
    }

    /**
     * Attempts that were neither granted nor refused.
     *
     * @return in words; empty if there were none
     */
    public String failures() {
        return failures.text();
    }
}

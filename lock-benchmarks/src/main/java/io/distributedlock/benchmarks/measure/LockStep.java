package io.distributedlock.benchmarks.measure;

import io.distributedlock.benchmarks.adapter.Mutex;

/** Takes a lock, works, and gives it back, under the eyes of a guard. Takes its locks in turn if it has several. */
final class LockStep implements Load.Step {

    private final int worker;
    private final Mutex[] mutexes;
    private final Guard[] guards;
    private final long workNanos;
    private int next;
    private long entries;

    LockStep(int worker, Mutex[] mutexes, Guard[] guards, long workNanos) {
        this.worker = worker;
        this.mutexes = mutexes;
        this.guards = guards;
        this.workNanos = workNanos;
    }

    @Override
    public void run() throws Exception {
        int turn = next;
        next = turn + 1 == mutexes.length ? 0 : turn + 1;
        long token = mutexes[turn].acquire();
        guards[turn].entered(worker, token);
        entries++;
        Work.busy(workNanos);
        guards[turn].left(worker);
        mutexes[turn].release();
    }

    /** Counted outside of the lock's protection, by one thread. */
    long entries() {
        return entries;
    }
}

package io.distributedlock.benchmarks.measure;

/** Work that is done while the lock is held: it keeps a processor busy, as work does. */
public final class Work {

    private Work() {}

    /**
     * Works.
     *
     * @param nanos how long; zero = not at all
     */
    public static void busy(long nanos) {
        if (nanos > 0) {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        }
    }
}

package io.distributedlock.testkit;

import java.time.Duration;

/**
 * Notices when this JVM gets no processor: its threads want to wake up every few milliseconds, and do so late. There are
 * several, because of two processors of a virtual machine only one may be taken away.
 */
final class StandStills {

    /** What a lease, or the patience of a test, may miss without harm. */
    private static final long LEAST_NANOS = Duration.ofMillis(100).toNanos();

    private static final Duration TICK = Duration.ofMillis(5);
    private static final int WATCHERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    // guarded by this
    private long lastEndNanos;
    private long lastNanos;

    /** From now on, for as long as this JVM lives. */
    static StandStills watched() {
        StandStills seen = new StandStills();
        for (int i = 0; i < WATCHERS; i++) {
            Thread watcher = new Thread(seen::watch, "stand-stills-" + i);
            watcher.setDaemon(true);
            watcher.start();
        }
        return seen;
    }

    @SuppressWarnings("ThreadSleep")
    private void watch() {
        long before = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(TICK.toMillis());
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            woke(now, now - before - TICK.toNanos());
            before = now;
        }
    }

    synchronized void woke(long now, long late) {
        if (late >= LEAST_NANOS) {
            lastEndNanos = now;
            lastNanos = late;
        }
    }

    /** The last one that lasted until then or longer; zero = none. */
    synchronized Duration since(long nanos) {
        return lastNanos > 0 && lastEndNanos - nanos > 0 ? Duration.ofNanos(lastNanos) : Duration.ZERO;
    }
}

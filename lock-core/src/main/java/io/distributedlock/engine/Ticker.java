package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that sleeps, does one thing and sleeps again. It is not the timer's, which needs three times as much of the
 * processor to wake up, and may be busy with renewals when somebody has to look at the clock.
 */
final class Ticker implements EngineThreads.Ticks {

    private static final Logger log = LoggerFactory.getLogger(LockEngine.class);

    private final ThreadFactory threads;
    private @Nullable Thread thread;
    private @Nullable Runnable next;
    private long nanos;
    private boolean stopped;

    /** @param threads makes the one thread, when it is first needed */
    Ticker(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public synchronized void in(long delayNanos, Runnable tick) {
        if (stopped) {
            throw new RejectedExecutionException("the ticker is shut down");
        }
        nanos = delayNanos;
        next = tick;
        if (thread == null) {
            thread = threads.newThread(this::run);
            thread.start();
        } else {
            notifyAll();
        }
    }

    private void run() {
        try {
            for (Runnable tick = take(); tick != null; tick = take()) {
                run(tick);
            }
        } catch (InterruptedException end) {
            // by stop
        }
    }

    /** Whatever goes wrong, nothing else would ever tick again. */
    private static void run(Runnable tick) {
        try {
            tick.run();
        } catch (RuntimeException e) {
            log.warn("Leases that may have run out while the JVM stood still were not all looked at", e);
        }
    }

    private @Nullable Runnable take() throws InterruptedException {
        long delay;
        Runnable tick;
        synchronized (this) {
            while (next == null && !stopped) {
                wait();
            }
            tick = next;
            delay = nanos;
            next = null;
        }
        NANOSECONDS.sleep(delay);
        return tick;
    }

    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}

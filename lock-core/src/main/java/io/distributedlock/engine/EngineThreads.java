package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The timer runs renewals and time-outs and nothing that belongs to a user; whatever may run a user's code goes to the
 * events executor, so that slow listeners never delay a renewal.
 */
record EngineThreads(ScheduledExecutorService timer, Executor events, Runnable stop) {

    /** Enough for callers who work in their callbacks; an outage that ends thousands of leases must not need thousands. */
    private static final int EVENT_THREADS = 64;

    static EngineThreads start() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("lock-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        ThreadPoolExecutor events = new ThreadPoolExecutor(
                EVENT_THREADS, EVENT_THREADS, 10, SECONDS, new LinkedBlockingQueue<>(), daemons("lock-events"));
        events.allowCoreThreadTimeOut(true);
        return new EngineThreads(timer, events, () -> {
            timer.shutdown();
            events.shutdown();
        });
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

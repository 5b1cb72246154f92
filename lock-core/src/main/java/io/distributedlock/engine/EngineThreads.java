package io.distributedlock.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The timer runs renewals and time-outs and nothing that belongs to a user; whatever may run a user's code goes to the
 * events executor, so that slow listeners never delay a renewal.
 */
record EngineThreads(ScheduledExecutorService timer, Executor events, Runnable stop) {

    static EngineThreads start() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("lock-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        ExecutorService events = Executors.newCachedThreadPool(daemons("lock-events"));
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

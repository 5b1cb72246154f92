package io.distributedlock.redis;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Threads that never keep an application from ending. */
final class Daemon {

    private static final long AWAIT_MILLIS = 1_000;

    private Daemon() {}

    /** For one task that blocks. */
    static Thread start(String name, Runnable task) {
        Thread thread = thread(name, task);
        thread.start();
        return thread;
    }

    /** Waits a short time for a task that has to see that it is not wanted any more. */
    static void await(@Nullable Thread task) {
        if (task != null) {
            try {
                task.join(AWAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** For tasks that do not block; cancelled ones leave at once. */
    static ScheduledExecutorService timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> thread(name, task));
        timer.setRemoveOnCancelPolicy(true);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static Thread thread(String name, Runnable task) {
        // What the caller would hand down is not for a thread that outlives its call.
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }
}

package io.distributedlock.zookeeper;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other, in the order they come, each on the thread that brings it or on the one that is just
 * running another: a thread of our own would be one more to wake between a caller and its answer.
 */
final class Turns implements Executor {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        if (size.getAndIncrement() > 0) {
            return;
        }
        do {
            run(waiting.remove());
        } while (size.decrementAndGet() > 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // As in an executor: the tasks behind it run, whoever watches the thread hears of it.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}

package io.distributedlock.aop;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what applications do in calls that belong to no thread. Not the engine's threads: whatever blocks here must not keep a
 * time-out, a loss or a release from being told. A thread that waits for a future is replaced meanwhile, as that may be the future of a
 * call which needs a thread.
 */
public final class CallThreads implements Executor, AutoCloseable {

    private static final int THREADS = 64;

    private static final int MOST_THREADS = 1_024;

    private final AtomicInteger number = new AtomicInteger();

    private final ForkJoinPool pool = new ForkJoinPool(
            THREADS, this::newThread, null, true, THREADS, MOST_THREADS, 1, full -> true, 10, TimeUnit.SECONDS);

    /** Starts no thread before there is something to do. */
    public CallThreads() {}

    private ForkJoinWorkerThread newThread(ForkJoinPool owner) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(owner);
        thread.setName("lock-call-" + number.incrementAndGet());
        // Of the application, not of the JVM: a packaged application has its classes in a loader of its own.
        thread.setContextClassLoader(CallThreads.class.getClassLoader());
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException shutDown) {
            work.run(); // or its locks would never be given back
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}

package io.distributedlock.testkit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time that a test moves: a clock, and a timer whose tasks run on the thread that moves it, in the order in which they
 * are due.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * LockBackend backend = new InMemoryLockBackend(time, time::nanoTime);
 * time.advance(Duration.ofSeconds(15));
 * }</pre>
 */
public final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService {

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task<?> task) -> task.at).thenComparingLong(task -> task.order));
    private final long origin;
    private long elapsed;
    private long scheduled;
    private boolean shutdown;

    /** Starts now, by {@link System#nanoTime()}. */
    public VirtualTime() {
        this(System.nanoTime());
    }

    /**
     * Starts at a reading, which may be negative and may be about to overflow.
     *
     * @param nanoTime the first reading
     */
    public VirtualTime(long nanoTime) {
        this.origin = nanoTime;
    }

    /**
     * The clock.
     *
     * @return a reading to be compared by subtraction only
     */
    public synchronized long nanoTime() {
        return origin + elapsed;
    }

    /**
     * Moves time and runs what becomes due, also what these tasks schedule within that time.
     *
     * @param time how far, not negative
     */
    public void advance(Duration time) {
        long until;
        synchronized (this) {
            until = elapsed + time.toNanos();
        }
        for (Task<?> due = next(until); due != null; due = next(until)) {
            due.run();
        }
    }

    /**
     * How many tasks wait for their time.
     *
     * @return without those that were cancelled
     */
    public synchronized int pending() {
        return tasks.size();
    }

    private synchronized @Nullable Task<?> next(long until) {
        Task<?> first = tasks.peek();
        if (first == null || first.at > until) {
            elapsed = until;
            return null;
        }
        elapsed = Math.max(elapsed, first.at);
        return tasks.poll();
    }

    /** Runs it here and now. */
    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return "done";
                },
                delay,
                unit);
    }

    @Override
    public synchronized <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Task<V> task = new Task<>(callable, elapsed + Math.max(0, unit.toNanos(delay)), scheduled++);
        tasks.add(task);
        return task;
    }

    /** Not offered: nothing in a lock happens at a fixed rate. */
    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("Schedule the next run at the end of each");
    }

    /** Not offered: see {@link #scheduleAtFixedRate}. */
    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("Schedule the next run at the end of each");
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final long at;
        private final long order;

        Task(Callable<V> callable, long at, long order) {
            super(callable);
            this.at = at;
            this.order = order;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            synchronized (VirtualTime.this) {
                return unit.convert(at - elapsed, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            synchronized (VirtualTime.this) {
                tasks.remove(this);
            }
            return super.cancel(mayInterruptIfRunning);
        }
    }
}

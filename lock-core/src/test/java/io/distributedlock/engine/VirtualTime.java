package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A clock and a timer that a test moves. What is due runs on the thread that moves time. */
final class VirtualTime extends TestTimer {

    /** Any value: nanoTime readings may be negative and may overflow. */
    private long nanos = ThreadLocalRandom.current().nextLong();

    private long wallMillis = 1_800_000_000_000L;
    private long nanoRest;
    private long number;
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.due - nanos).thenComparing(t -> t.number));

    EngineClock clock() {
        return new EngineClock(() -> nanos, () -> wallMillis);
    }

    long nanos() {
        return nanos;
    }

    /** Moves both clocks and runs everything that becomes due, at its time. */
    void pass(Duration time) {
        long until = nanos + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().due - until <= 0) {
            Task<?> task = tasks.poll();
            move(Math.max(0, task.due - nanos));
            task.run();
        }
        move(until - nanos);
    }

    /** Moves both clocks while nothing runs, as when the process is stopped; what is due runs with the next step. */
    void standStill(Duration time) {
        move(time.toNanos());
    }

    /** Moves the wall clock only, as when the host is suspended. */
    void suspendHost(Duration time) {
        wallMillis += time.toMillis();
    }

    int pending() {
        return (int) tasks.stream().filter(task -> !task.isCancelled()).count();
    }

    /** How many timers were set so far. */
    long timersSet() {
        return number;
    }

    private void move(long by) {
        nanos += by;
        nanoRest += by;
        wallMillis += nanoRest / 1_000_000;
        nanoRest %= 1_000_000;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(new Task<>(
                () -> {
                    command.run();
                    return null;
                },
                nanos + unit.toNanos(delay)));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new Task<>(callable, nanos + unit.toNanos(delay)));
    }

    private <V> Task<V> add(Task<V> task) {
        tasks.add(task);
        return task;
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final long due;
        private final long number = VirtualTime.this.number++;

        Task(Callable<V> callable, long due) {
            super(callable);
            this.due = due;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            tasks.removeIf(task -> task == this);
            return super.cancel(mayInterrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanos, NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(NANOSECONDS), other.getDelay(NANOSECONDS));
        }
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, NANOSECONDS);
    }
}

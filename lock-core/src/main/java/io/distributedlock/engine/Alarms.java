package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Times at which something has to be done: one schedule, one pending timer. Nearly every alarm is taken back long before
 * its time, so setting one and taking it back must cost no timer: the pending one stays, and finds nothing to do. What was
 * taken back is swept out together with others: that is done without a lock, and the schedule is changed half as often.
 */
final class Alarms {

    /** A timer that nobody needs any more goes after this time at the latest. */
    private static final long LONGEST_SLEEP = Duration.ofSeconds(10).toNanos();

    /** So few that were taken back are left until their time. */
    private static final int LEAST_SWEPT = 1_000;

    private final ScheduledExecutorService timer;
    private final EngineClock clock;
    private final AtomicInteger takenBack = new AtomicInteger();
    private final Schedule<Alarm> alarms = new Schedule<>();
    private @Nullable Future<?> wake;
    private long wakeAt;

    Alarms(ScheduledExecutorService timer, EngineClock clock) {
        this.timer = timer;
        this.clock = clock;
    }

    /**
     * Runs the task on the timer's thread after this time.
     *
     * @throws RejectedExecutionException if the timer was shut down
     */
    Alarm set(long nanos, Runnable task) {
        long now = clock.nanos();
        Alarm alarm = new Alarm(task, takenBack);
        synchronized (this) {
            if (takenBack.get() > Math.max(LEAST_SWEPT, alarms.size() / 2)) {
                sweep();
            }
            alarms.put(alarm, now + Math.max(0, nanos));
            arm(now);
        }
        return alarm;
    }

    private void arm(long now) {
        long due = now + Math.min(LONGEST_SLEEP, alarms.firstTime() - now);
        if (wake != null && due - wakeAt >= 0) {
            return;
        }
        if (wake != null) {
            wake.cancel(false);
        }
        wakeAt = due;
        wake = timer.schedule(this::ring, Math.max(0, due - now), NANOSECONDS);
    }

    private void sweep() {
        for (Alarm alarm : alarms.toList()) {
            if (alarm.task == null) {
                alarms.remove(alarm);
                takenBack.decrementAndGet();
            }
        }
    }

    private void ring() {
        List<Alarm> due = new ArrayList<>();
        synchronized (this) {
            wake = null;
            long now = clock.nanos();
            while (!alarms.isEmpty() && (alarms.firstTime() - now <= 0 || alarms.first().task == null)) {
                due.add(alarms.removeFirst());
            }
            if (!alarms.isEmpty()) {
                arm(now);
            }
        }
        due.forEach(Alarm::ring);
    }

    /** How many are kept, with those that were taken back and not swept out yet. */
    synchronized int size() {
        return alarms.size();
    }

    /** One time at which something has to be done. */
    static final class Alarm extends Scheduled {

        /** {@code null} once it has rung or was taken back: whoever takes it out decides. */
        private volatile @Nullable Runnable task;

        private final AtomicInteger takenBack;

        private Alarm(Runnable task, AtomicInteger takenBack) {
            this.task = task;
            this.takenBack = takenBack;
        }

        private synchronized @Nullable Runnable take() {
            Runnable taken = task;
            task = null;
            return taken;
        }

        private void ring() {
            Runnable todo = take();
            if (todo == null) {
                takenBack.decrementAndGet();
            } else {
                todo.run();
            }
        }

        void cancel() {
            if (take() != null) {
                takenBack.incrementAndGet();
            }
        }
    }
}

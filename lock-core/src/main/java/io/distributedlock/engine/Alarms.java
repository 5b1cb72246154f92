package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Times at which something has to be done: one schedule, one pending timer. Nearly every alarm is taken back long before
 * its time, so setting one and taking it back must cost no timer: the pending one stays, and finds nothing to do.
 */
final class Alarms {

    /** A timer that nobody needs any more goes after this time at the latest. */
    private static final long LONGEST_SLEEP = Duration.ofSeconds(10).toNanos();

    private final ScheduledExecutorService timer;
    private final EngineClock clock;
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
        Alarm alarm = new Alarm(task);
        synchronized (this) {
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

    private void ring() {
        List<Alarm> due = new ArrayList<>();
        synchronized (this) {
            wake = null;
            long now = clock.nanos();
            while (!alarms.isEmpty() && alarms.firstTime() - now <= 0) {
                due.add(alarms.removeFirst());
            }
            if (!alarms.isEmpty()) {
                arm(now);
            }
        }
        due.forEach(alarm -> alarm.task.run());
    }

    /** One time at which something has to be done. */
    final class Alarm extends Scheduled {

        private final Runnable task;

        private Alarm(Runnable task) {
            this.task = task;
        }

        void cancel() {
            synchronized (Alarms.this) {
                alarms.remove(this);
            }
        }
    }
}

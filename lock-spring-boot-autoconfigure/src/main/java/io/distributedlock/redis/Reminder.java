package io.distributedlock.redis;

import java.util.concurrent.TimeUnit;

/** When a claim wants to be reminded: one time at a time, for the next look or for the end of its wait time. */
final class Reminder {

    /** How far apart the checks of all claims are at least. */
    private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** So that no sum overflows; whoever waits longer is reminded in vain. */
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(365);

    private final Alarm alarm;

    // guarded by this
    private long dueNanos;
    private boolean wanted;
    private boolean stopped;

    Reminder(Alarm alarm) {
        this.alarm = alarm;
    }

    /** In place of the time wanted so far. */
    void in(long nanos) {
        long due = System.nanoTime() + Math.min(nanos, LONGEST_NANOS);
        synchronized (this) {
            if (stopped) {
                return;
            }
            wanted = true;
            dueNanos = due;
        }
        alarm.by(due);
    }

    /** For good. */
    synchronized void stop() {
        stopped = true;
        wanted = false;
    }

    /** Whether the time has come, which it does once; one that has not is asked for again. */
    boolean hasCome(long now) {
        long due;
        synchronized (this) {
            if (!wanted) {
                return false;
            }
            due = dueNanos;
            wanted = due - now > 0;
            if (!wanted) {
                return true;
            }
        }
        alarm.by(now + Math.max(due - now, GRAIN_NANOS));
        return false;
    }
}

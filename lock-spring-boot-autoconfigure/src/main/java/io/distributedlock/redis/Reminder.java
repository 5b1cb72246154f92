package io.distributedlock.redis;

import java.util.concurrent.TimeUnit;

/** When a claim wants to be reminded: one time at a time, to look, of the end of its wait time, or to be forgotten. */
final class Reminder {

    /** How far apart the checks of all claims are at least. */
    private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** So that no sum overflows; whoever waits longer is reminded in vain. */
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(365);

    private final Alarm alarm;

    // guarded by this
    private long dueNanos;
    private boolean wanted;
    private boolean ended;

    Reminder(Alarm alarm) {
        this.alarm = alarm;
    }

    /** In place of the time wanted so far; not any more when the claim has ended. */
    void in(long nanos) {
        long due = after(nanos);
        synchronized (this) {
            if (ended) {
                return;
            }
            wanted = true;
            dueNanos = due;
        }
        alarm.by(due);
    }

    /** The claim has ended: what was wanted is not wanted any more. */
    synchronized void end() {
        ended = true;
        wanted = false;
    }

    /** The claim has ended, and this time is the last. */
    void atLastIn(long nanos) {
        long due = after(nanos);
        synchronized (this) {
            ended = true;
            wanted = true;
            dueNanos = due;
        }
        alarm.by(due);
    }

    private static long after(long nanos) {
        return System.nanoTime() + Math.min(nanos, LONGEST_NANOS);
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

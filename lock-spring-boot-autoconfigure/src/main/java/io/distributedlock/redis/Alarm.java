package io.distributedlock.redis;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a check at the earliest of the times that were asked for. One task of the timer is enough for all who ask: while
 * it is pending, asking for a later time costs no more than a look. The check has to ask again for what remains, and
 * whoever asks has to be visible to the check before.
 */
final class Alarm {

    private final ScheduledExecutorService timer;
    private final Runnable check;
    private final AtomicReference<@Nullable Pending> pending = new AtomicReference<>();

    private static final class Pending {

        private final long nanos;
        private volatile @Nullable Future<?> task;

        Pending(long nanos) {
            this.nanos = nanos;
        }

        void cancel() {
            Future<?> present = task;
            if (present != null) {
                present.cancel(false);
            }
        }
    }

    Alarm(ScheduledExecutorService timer, Runnable check) {
        this.timer = timer;
        this.check = check;
    }

    /** Runs the check at this reading of the clock at the latest. */
    void by(long nanos) {
        Pending present = pending.get();
        while (present == null || nanos - present.nanos < 0) {
            Pending mine = new Pending(nanos);
            if (pending.compareAndSet(present, mine)) {
                mine.task = timer.schedule(() -> ring(mine), nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (present != null) {
                    present.cancel();
                }
                return;
            }
            present = pending.get();
        }
    }

    private void ring(Pending mine) {
        // First of all, so that whoever asks from now on is not taken for seen.
        if (pending.compareAndSet(mine, null)) {
            check.run();
        }
    }
}

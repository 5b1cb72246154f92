package io.distributedlock.fencing.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes marks that nobody has touched for a long time, about once an hour: resources come and go, and their marks would
 * stay for ever. As long as nobody enters the fence, the database is left alone.
 */
public final class MarkCleaner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MarkCleaner.class);

    /** In small steps, so that nobody who enters waits long for a row that is being deleted. */
    static final int STEP = 1_000;

    private static final long MINUTES = 60;

    private final Marks marks;
    private final Duration retention;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, MarkCleaner::daemon);
    private boolean warned;

    /**
     * Begins to clean, and goes on until it is closed.
     *
     * @param fence whose marks
     * @param retention how long a mark stays that is not touched. A holder that stands still for longer than this is not
     *     refused any more.
     */
    public MarkCleaner(JdbcFence fence, Duration retention) {
        this(fence, retention, Clock.systemUTC());
    }

    MarkCleaner(JdbcFence fence, Duration retention, Clock clock) {
        this.marks = fence.marks();
        this.retention = retention;
        this.clock = clock;
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Each at another time, or all instances would delete the same rows at once.
        schedule(ThreadLocalRandom.current().nextLong(1, MINUTES));
    }

    /** Ends without waiting. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Never fails: what is not deleted now will be in an hour. */
    void clean() {
        if (!marks.wereUsed()) {
            return;
        }
        try {
            int deleted;
            do {
                deleted = marks.deleteUntouchedSince(clock.instant().minus(retention), STEP);
            } while (deleted == STEP && !timer.isShutdown());
        } catch (RuntimeException e) {
            if (!warned && !timer.isShutdown()) {
                warned = true;
                log.warn(
                        "Old fencing marks could not be deleted; this is tried again every hour and not told again", e);
            }
        }
    }

    private void schedule(long minutes) {
        timer.schedule(this::cleanAndGoOn, minutes, TimeUnit.MINUTES);
    }

    private void cleanAndGoOn() {
        clean();
        if (!timer.isShutdown()) {
            schedule(ThreadLocalRandom.current().nextLong(MINUTES * 3 / 4, MINUTES * 5 / 4));
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "lock-fence-cleaner");
        thread.setDaemon(true);
        return thread;
    }
}

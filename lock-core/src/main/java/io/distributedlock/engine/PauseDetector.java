package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the JVM, or its host, stood still: a tick that comes much too late. Leases whose time ran out meanwhile are
 * marked with that tick, also when the monotonic clock stood still as well and no timer is due. Ticks only while there
 * are leases.
 */
final class PauseDetector {

    private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();
    private static final long STANDSTILL_NANOS = Duration.ofMillis(200).toNanos();

    private final EngineClock clock;
    private final ScheduledExecutorService timer;
    private final BooleanSupplier hasLeases;
    private final Runnable expireAll;
    private @Nullable Moment lastTick;

    PauseDetector(EngineClock clock, ScheduledExecutorService timer, BooleanSupplier hasLeases, Runnable expireAll) {
        this.clock = clock;
        this.timer = timer;
        this.hasLeases = hasLeases;
        this.expireAll = expireAll;
    }

    synchronized void start() {
        if (lastTick == null) {
            lastTick = clock.now();
            schedule();
        }
    }

    synchronized boolean stoodStill(Moment now) {
        return lastTick != null && now.nanosSince(lastTick) > STANDSTILL_NANOS;
    }

    private void tick() {
        try {
            if (stoodStill(clock.now())) {
                expireAll.run();
            }
        } finally {
            goOn();
        }
    }

    private synchronized void goOn() {
        if (hasLeases.getAsBoolean()) {
            lastTick = clock.now();
            schedule();
        } else {
            lastTick = null;
        }
    }

    private void schedule() {
        try {
            timer.schedule(this::tick, TICK_NANOS, NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            lastTick = null;
        }
    }
}

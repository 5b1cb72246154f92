package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Knows the leases of one engine, renews them and notices when one is over: one schedule, one pending timer for its first
 * entry. A lease costs one seat from its beginning to its end and nothing afterwards. Renewals that are due soon go along
 * with the one that is due now, up to a bounded number in one request, and in a bounded number of requests.
 */
final class Watchdog {

    /** A store that runs a whole batch in one step keeps others waiting for no longer than this many renewals. */
    static final int BATCH = 200;

    /** Waking up costs as much as many renewals; but what is asked meanwhile has to wait for all of these. */
    static final int AT_ONCE = 5 * BATCH;

    private final EngineParts parts;
    private final ScheduledExecutorService timer;
    private final PauseDetector pauses;

    private final Batches<ActiveLease> schedule = new Batches<>(BATCH);
    private @Nullable Future<?> wake;
    private long wakeAt;

    /** Read by the pause detector under its own monitor, so it must not need this one. */
    private volatile boolean isIdle = true;

    Watchdog(EngineParts parts) {
        this.parts = parts;
        this.timer = parts.threads().timer();
        this.pauses = new PauseDetector(parts.clock(), timer, () -> !isIdle, this::expireAll);
    }

    /** From now on, until it is forgotten; {@link #startTimers} has to follow. */
    void watch(ActiveLease lease) {
        Moment now = parts.clock().now();
        synchronized (this) {
            lease.putInto(schedule, now);
            isIdle = false;
        }
    }

    /**
     * Sees to it that all that is watched is attended to in time. That is a step of its own because it wakes the timer's
     * thread: whoever was just granted a lock is woken first.
     */
    void startTimers() {
        long now = parts.clock().nanos();
        synchronized (this) {
            arm(now);
        }
        if (!isIdle) {
            pauses.start();
        }
    }

    /** One that is watched has to be attended to earlier, maybe. */
    void lookAgain(ActiveLease lease) {
        again(List.of(lease));
    }

    void forget(ActiveLease lease) {
        synchronized (this) {
            schedule.remove(lease);
            isIdle = schedule.isEmpty();
        }
    }

    /**
     * A lease was handed on, and with it its place in the order, which hardly ever changes by that; {@link #startTimers}
     * has to follow.
     */
    void replace(ActiveLease ended, ActiveLease heir) {
        Moment now = parts.clock().now();
        synchronized (this) {
            schedule.replace(ended, heir);
            heir.putInto(schedule, now);
            isIdle = false;
        }
    }

    /** Whether the JVM has just stood still. */
    boolean stoodStill(Moment now) {
        return pauses.stoodStill(now);
    }

    boolean isIdle() {
        return isIdle;
    }

    synchronized int size() {
        return schedule.size();
    }

    synchronized List<ActiveLease> all() {
        return schedule.toList();
    }

    /** Has one timer pending, for the first entry. */
    private void arm(long now) {
        if (schedule.isEmpty()) {
            return;
        }
        long due = schedule.firstTime();
        if (wake != null && due - wakeAt >= 0) {
            return;
        }
        if (wake != null) {
            wake.cancel(false);
        }
        try {
            wakeAt = due;
            wake = timer.schedule(this::run, Math.max(0, due - now), NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            wake = null;
        }
    }

    private void run() {
        Moment now = parts.clock().now();
        List<ActiveLease> due = takeDue(now);
        try {
            for (int from = 0; from < due.size(); from += BATCH) {
                attend(due.subList(from, Math.min(from + BATCH, due.size())), now);
            }
        } finally {
            again(due); // whatever went wrong with one of them, all are watched on
        }
    }

    private void attend(List<ActiveLease> due, Moment now) {
        List<ActiveLease> leases = new ArrayList<>(due.size());
        List<LockGrant> grants = new ArrayList<>(due.size());
        try {
            for (ActiveLease lease : due) {
                LockGrant grant = lease.attend(now);
                if (grant != null) {
                    leases.add(lease);
                    grants.add(grant);
                }
            }
        } finally {
            if (!grants.isEmpty()) {
                renew(leases, grants);
            }
        }
    }

    /** They stay known while they are looked after: whoever asks for all leases finds them. */
    private synchronized List<ActiveLease> takeDue(Moment now) {
        wake = null;
        return schedule.takeDue(now.nanos(), AT_ONCE);
    }

    /** Those that were forgotten meanwhile stay so. */
    private void again(List<ActiveLease> leases) {
        Moment now = parts.clock().now();
        synchronized (this) {
            for (ActiveLease lease : leases) {
                if (schedule.contains(lease)) {
                    lease.putInto(schedule, now);
                }
            }
            arm(now.nanos());
        }
    }

    private void renew(List<ActiveLease> leases, List<LockGrant> grants) {
        Moment asked = parts.clock().now();
        CompletableFuture<List<Renewal>> answer;
        try {
            answer = parts.backend().renew(grants);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((renewals, failure) -> {
            Moment now = parts.clock().now();
            leases.replaceAll(ActiveLease::latest);
            for (int i = 0; i < leases.size(); i++) {
                if (failure == null) {
                    leases.get(i).renewalAnswered(renewals.get(i), asked, now);
                } else {
                    leases.get(i).renewalFailed(Failures.unwrap(failure), now);
                }
            }
            again(leases);
        });
    }

    private void expireAll() {
        all().forEach(ActiveLease::expireIfDue);
    }
}

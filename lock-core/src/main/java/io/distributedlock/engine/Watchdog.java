package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Knows the leases of one engine, renews them and notices when one is over: one schedule, one pending timer for its first
 * entry. A lease costs one entry from its beginning to its end and nothing afterwards. Renewals that are due soon go along
 * with the one that is due now, up to a bounded number in one request.
 */
final class Watchdog {

    /** A store that runs a whole batch in one step keeps others waiting for no longer than this many renewals. */
    static final int BATCH = 200;

    /** An event that fails must not come back in a busy loop. */
    private static final long SOONEST_NANOS = 1_000_000;

    /** Later than all else: the place of a lease that is being looked after. */
    static final long NEVER_NANOS = Long.MAX_VALUE / 2;

    private final EngineParts parts;
    private final ScheduledExecutorService timer;
    private final PauseDetector pauses;

    private final Schedule<ActiveLease> schedule = new Schedule<>();
    private @Nullable Future<?> wake;
    private long wakeAt;

    /** Read by the pause detector under its own monitor, so it must not need this one. */
    private volatile boolean isIdle = true;

    Watchdog(EngineParts parts) {
        this.parts = parts;
        this.timer = parts.threads().timer();
        this.pauses = new PauseDetector(parts.clock(), timer, () -> !isIdle, this::expireAll);
    }

    /** From now on, until it is forgotten. */
    void watch(ActiveLease lease) {
        Moment now = parts.clock().now();
        synchronized (this) {
            schedule(lease, now);
            isIdle = false;
            arm(now.nanos());
        }
        pauses.start();
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

    /** A lease was handed on, and with it its place in the order, which hardly ever changes by that. */
    void replace(ActiveLease ended, ActiveLease heir) {
        Moment now = parts.clock().now();
        synchronized (this) {
            schedule.replace(ended, heir);
            schedule(heir, now);
            isIdle = false;
            arm(now.nanos());
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

    /** One that is watched already stays where it is unless it has to be attended to earlier: too early does no harm. */
    private void schedule(ActiveLease lease, Moment now) {
        schedule.putEarlier(lease, now.nanos() + Math.max(SOONEST_NANOS, lease.nanosUntilEvent(now)));
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
        List<ActiveLease> renewals = new ArrayList<>(due.size());
        try {
            for (ActiveLease lease : due) {
                if (attend(lease, now)) {
                    renewals.add(lease);
                }
            }
        } finally {
            // Whatever went wrong with one of them, all are watched on.
            again(due);
            for (int from = 0; from < renewals.size(); from += BATCH) {
                renew(renewals.subList(from, Math.min(from + BATCH, renewals.size())));
            }
        }
    }

    /** @return whether it has to be renewed now */
    private static boolean attend(ActiveLease lease, Moment now) {
        if (lease.expireIfDue(now) || lease.endLingering(now)) {
            return false;
        }
        lease.warnIfForgotten(now);
        return lease.startRenewalIfDue(now);
    }

    /** They stay known while they are looked after: whoever asks for all leases finds them. */
    private synchronized List<ActiveLease> takeDue(Moment now) {
        wake = null;
        List<ActiveLease> due = new ArrayList<>(BATCH);
        while (!schedule.isEmpty()) {
            ActiveLease first = schedule.first();
            long left = schedule.firstTime() - now.nanos();
            if (left > 0 && (due.size() >= BATCH || left > first.renewalSlackNanos())) {
                break;
            }
            schedule.put(first, now.nanos() + NEVER_NANOS);
            due.add(first);
        }
        return due;
    }

    /** Those that were forgotten meanwhile stay so. */
    private void again(List<ActiveLease> leases) {
        Moment now = parts.clock().now();
        synchronized (this) {
            for (ActiveLease lease : leases) {
                if (schedule.contains(lease)) {
                    schedule(lease, now);
                }
            }
            arm(now.nanos());
        }
    }

    private void renew(List<ActiveLease> leases) {
        ActiveLease[] batch = leases.toArray(ActiveLease[]::new);
        List<LockGrant> grants = new ArrayList<>(batch.length);
        for (ActiveLease lease : batch) {
            grants.add(lease.grant());
        }
        Moment asked = parts.clock().now();
        CompletableFuture<List<Renewal>> answer;
        try {
            answer = parts.backend().renew(grants);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((renewals, failure) -> {
            Moment now = parts.clock().now();
            for (int i = 0; i < batch.length; i++) {
                batch[i] = batch[i].latest();
                if (failure == null) {
                    batch[i].renewalAnswered(renewals.get(i), asked, now);
                } else {
                    batch[i].renewalFailed(Failures.unwrap(failure), now);
                }
            }
            again(Arrays.asList(batch));
        });
    }

    private void expireAll() {
        all().forEach(ActiveLease::expireIfDue);
    }
}

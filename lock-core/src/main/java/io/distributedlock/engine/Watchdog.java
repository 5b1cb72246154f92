package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of one engine and notices when one is over: one ordered set, one pending timer for its first entry.
 * A lease costs one entry as long as it is watched and nothing afterwards. Renewals that are due soon go along with the
 * one that is due now, up to a bounded number in one request.
 */
final class Watchdog {

    /** A store that runs a whole batch in one step keeps others waiting for no longer than this many renewals. */
    static final int BATCH = 200;

    /** An event that fails must not come back in a busy loop. */
    private static final long SOONEST_NANOS = 1_000_000;

    private final EngineParts parts;
    private final ScheduledExecutorService timer;
    private final PauseDetector pauses;

    private final TreeSet<Watch> watches = new TreeSet<>(Watch.BY_TIME);
    private @Nullable Future<?> wake;
    private long wakeAt;

    /** Read by the pause detector under its own monitor, so it must not need this one. */
    private volatile boolean isIdle = true;

    Watchdog(EngineParts parts) {
        this.parts = parts;
        this.timer = parts.threads().timer();
        this.pauses = new PauseDetector(parts.clock(), timer, () -> !isIdle, this::expireAll);
    }

    /** From now on, or from now on with other bounds. */
    void watch(ActiveLease lease) {
        again(List.of(lease));
    }

    void forget(ActiveLease lease) {
        synchronized (this) {
            remove(lease);
            isIdle = watches.isEmpty();
        }
    }

    /** A lease was handed on, and with it its place in the order, which hardly ever changes by that. */
    void replace(ActiveLease heir) {
        Moment now = parts.clock().now();
        synchronized (this) {
            heir.watch().lease = heir;
            insert(heir, now);
            arm(now.nanos());
        }
    }

    /** Whether the JVM has just stood still. */
    boolean stoodStill(Moment now) {
        return pauses.stoodStill(now);
    }

    synchronized int size() {
        return watches.size();
    }

    /** One that is watched already stays where it is unless it has to be attended to earlier: too early does no harm. */
    private void insert(ActiveLease lease, Moment now) {
        Watch watch = lease.watch();
        long due = now.nanos() + Math.max(SOONEST_NANOS, lease.nanosUntilEvent(now));
        if (watch.isSet) {
            if (due - watch.due >= 0) {
                return;
            }
            watches.remove(watch);
        }
        watch.due = due;
        watch.isSet = true;
        watches.add(watch);
    }

    private void remove(ActiveLease lease) {
        if (lease.watch().isSet) {
            watches.remove(lease.watch());
            lease.watch().isSet = false;
        }
    }

    /** Has one timer pending, for the first entry. */
    private void arm(long now) {
        if (watches.isEmpty()) {
            return;
        }
        long due = watches.first().due;
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
        List<ActiveLease> renewals = new ArrayList<>();
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
        if (lease.expireIfDue() || lease.endLingering(now)) {
            return false;
        }
        lease.warnIfForgotten(now);
        if (!lease.isRenewalDue(now)) {
            return false;
        }
        lease.renewalSent(now);
        return true;
    }

    private synchronized List<ActiveLease> takeDue(Moment now) {
        wake = null;
        List<ActiveLease> due = new ArrayList<>();
        while (!watches.isEmpty()) {
            Watch first = watches.first();
            boolean fillsTheBatch = due.size() < BATCH && first.due - now.nanos() <= first.lease.renewalSlackNanos();
            if (first.due - now.nanos() > 0 && !fillsTheBatch) {
                break;
            }
            watches.pollFirst().isSet = false;
            due.add(first.lease);
        }
        return due;
    }

    private void again(List<ActiveLease> leases) {
        Moment now = parts.clock().now();
        synchronized (this) {
            for (ActiveLease lease : leases) {
                if (lease.isOpen()) {
                    insert(lease, now);
                }
            }
            isIdle = watches.isEmpty();
            arm(now.nanos());
        }
        if (!isIdle) {
            pauses.start();
        }
    }

    private void renew(List<ActiveLease> leases) {
        List<ActiveLease> batch = List.copyOf(leases);
        List<LockGrant> grants = batch.stream().map(ActiveLease::grant).toList();
        Moment asked = parts.clock().now();
        CompletableFuture<List<Renewal>> answer;
        try {
            answer = parts.backend().renew(grants);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((renewals, failure) -> {
            Moment now = parts.clock().now();
            List<ActiveLease> present = batch.stream().map(ActiveLease::latest).toList();
            for (int i = 0; i < present.size(); i++) {
                if (failure == null) {
                    present.get(i).renewalAnswered(renewals.get(i), asked, now);
                } else {
                    present.get(i).renewalFailed(Failures.unwrap(failure), now);
                }
            }
            again(present);
        });
    }

    private void expireAll() {
        List<ActiveLease> all;
        synchronized (this) {
            all = watches.stream().map(watch -> watch.lease).toList();
        }
        all.forEach(ActiveLease::expireIfDue);
    }
}

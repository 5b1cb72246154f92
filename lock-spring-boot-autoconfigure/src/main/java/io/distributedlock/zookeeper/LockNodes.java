package io.distributedlock.zookeeper;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The nodes of the locks that this instance claims, or claimed a moment ago. What is there need not be created for the
 * next claim; and when the last claim is gone, the node has to go too: the server removes empty ones by itself, but no more
 * than some thousands a minute.
 */
final class LockNodes {

    /** So long a node stays for the next claim. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** So many stay; a service that locks each order once does not come back to any. */
    private static final int MOST_IDLE = 1000;

    private static final class Use {
        private int claims;
        private boolean there;
    }

    private final Map<String, Use> claimed = new HashMap<>();

    /** Since when, the longest first. */
    private final Map<String, Long> idle = new LinkedHashMap<>();

    private final ScheduledExecutorService timer;
    private final Consumer<String> removal;
    private boolean sweeping;

    /** The removal deletes a node if it has no children. */
    LockNodes(ScheduledExecutorService timer, Consumer<String> removal) {
        this.timer = timer;
        this.removal = removal;
    }

    synchronized void claimed(String lock) {
        Use use = claimed.computeIfAbsent(lock, unknown -> new Use());
        use.claims++;
        use.there |= idle.remove(lock) != null;
    }

    /** Whether the node was there when we last heard of it. */
    synchronized boolean isThere(String lock) {
        Use use = claimed.get(lock);
        return use != null && use.there;
    }

    synchronized void heardOf(String lock, boolean there) {
        Use use = claimed.get(lock);
        if (use != null) {
            use.there = there;
        }
    }

    /** The counterpart of {@link #claimed}. */
    void left(String lock) {
        List<String> superfluous;
        synchronized (this) {
            Use use = claimed.get(lock);
            if (use == null || --use.claims > 0) {
                return;
            }
            claimed.remove(lock);
            if (!use.there) {
                return;
            }
            idle.put(lock, System.nanoTime());
            sweepLater();
            superfluous = takeIdle(idle.size() - MOST_IDLE, 0);
        }
        superfluous.forEach(removal);
    }

    private void sweep() {
        List<String> old;
        synchronized (this) {
            sweeping = false;
            old = takeIdle(idle.size(), IDLE.toNanos());
            if (!idle.isEmpty()) {
                sweepLater();
            }
        }
        old.forEach(removal);
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            var unused = timer.schedule(this::sweep, IDLE.toMillis(), MILLISECONDS);
        }
    }

    private List<String> takeIdle(int most, long idleNanos) {
        List<String> taken = new ArrayList<>();
        long now = System.nanoTime();
        Iterator<Map.Entry<String, Long>> all = idle.entrySet().iterator();
        while (taken.size() < most && all.hasNext()) {
            Map.Entry<String, Long> entry = all.next();
            if (now - entry.getValue() < idleNanos) {
                break;
            }
            taken.add(entry.getKey());
            all.remove();
        }
        return taken;
    }
}

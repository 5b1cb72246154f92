package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LossReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Does something when one of some leases is lost, until it is closed. What hangs on a lease's own stage stays there as long as the lease
 * is held, so each gets one listener for all calls that re-enter it.
 */
final class LossWatch implements AutoCloseable {

    private static final Map<CompletionStage<LossReason>, Set<LossWatch>> WATCHES =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final Runnable consequence;
    private final List<Set<LossWatch>> watched = new ArrayList<>();

    private LossWatch(Runnable consequence) {
        this.consequence = consequence;
    }

    /** @param consequence may be run several times, on any thread, and before this returns */
    static LossWatch of(List<Lease> leases, Runnable consequence) {
        LossWatch watch = new LossWatch(consequence);
        for (Lease lease : leases) {
            Set<LossWatch> watches = WATCHES.computeIfAbsent(lease.lost(), LossWatch::listen);
            watch.watched.add(watches);
            watches.add(watch);
            if (HeldLocks.lossOf(lease) != null) {
                consequence.run(); // it may have been told of before anybody listened
            }
        }
        return watch;
    }

    private static Set<LossWatch> listen(CompletionStage<LossReason> lost) {
        Set<LossWatch> watches = ConcurrentHashMap.newKeySet();
        lost.thenRun(() -> watches.forEach(watch -> watch.consequence.run()));
        return watches;
    }

    @Override
    public void close() {
        watched.forEach(watches -> watches.remove(this));
    }
}

package io.distributedlock.memory;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.LockGrant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A name that is taken or waited for. Guarded by the monitor of its store, which forgets it when it is neither. */
final class InMemoryLock {

    final String name;

    /** In the order of arrival, by holder. */
    final Map<String, Waiter> queue = new LinkedHashMap<>();

    @Nullable
    Tenure tenure;

    /** Never later than the end of the tenure. */
    @Nullable
    Alarm alarm;

    /** Makes the store look at this lock again at a {@code nanoTime} reading. */
    record Alarm(long at, Future<?> ringing) {}

    InMemoryLock(String name) {
        this.name = name;
    }

    @Nullable
    LockGrant grantOf(String holder) {
        return tenure == null ? null : tenure.grantOf(holder);
    }

    Waiter first() {
        Iterator<Waiter> waiters = queue.values().iterator();
        Waiter first = waiters.next();
        waiters.remove();
        return first;
    }

    void silence() {
        if (alarm != null) {
            alarm.ringing().cancel(false);
            alarm = null;
        }
    }

    LockInfo describe() {
        if (tenure == null || tenure.grant() == null) {
            return new LockInfo(name, List.of(), queue.size());
        }
        LockGrant grant = tenure.grant();
        LockInfo.Holder holder = new LockInfo.Holder(
                grant.claim().holder(),
                grant.token(),
                grant.claim().mode(),
                tenure.since(),
                grant.claim().info());
        return new LockInfo(name, List.of(holder), queue.size());
    }
}

package io.distributedlock.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The callers in a local queue, in the order of their coming; guarded by the queue. */
final class Waiters {

    /** Most locks that are held are waited for by nobody: these share this. */
    static final Waiters NOBODY = new Waiters();

    private final Set<Waiter> all = new LinkedHashSet<>();
    private long lastEnd;

    private Waiters() {}

    /** These and one more. */
    Waiters and(Waiter waiter) {
        Waiters more = this == NOBODY ? new Waiters() : this;
        more.add(waiter);
        return more;
    }

    private void add(Waiter waiter) {
        if (all.isEmpty() || waiter.ends() - lastEnd > 0) {
            lastEnd = waiter.ends();
        }
        all.add(waiter);
    }

    void remove(Waiter waiter) {
        all.remove(waiter);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    Terms firstTerms() {
        return all.iterator().next().terms();
    }

    /** Takes the first one out that still waits, up to one that does not qualify. The caller has to answer it. */
    @Nullable
    Waiter settleFirst(Predicate<Terms> qualifies) {
        while (!all.isEmpty() && qualifies.test(firstTerms())) {
            Waiter first = all.iterator().next();
            remove(first);
            if (first.settle()) {
                return first;
            }
        }
        return null;
    }

    /** Takes all out who do not wait any longer. The caller has to answer them. */
    List<Waiter> settleOver(long now) {
        List<Waiter> over = new ArrayList<>();
        for (Waiter waiter : toList()) {
            if (!waiter.waits() || waiter.nanosLeft(now) <= 0) {
                remove(waiter);
                if (waiter.settle()) {
                    over.add(waiter);
                }
            }
        }
        return over;
    }

    List<Waiter> toList() {
        return List.copyOf(all);
    }

    /**
     * When the last of those who came since nobody waited stops to wait: not earlier than any of those who are here, and
     * known without asking each.
     */
    long lastEnd() {
        return lastEnd;
    }
}

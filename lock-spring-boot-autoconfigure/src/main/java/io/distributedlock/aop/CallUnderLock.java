package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of a locked method, while it runs; of one thread. */
final class CallUnderLock {

    private final @Nullable CallUnderLock outer;
    private final List<Lease> leases;
    private final boolean ignoresLoss;
    private boolean hasCommitted;

    /** @param outer the call that this one was made in, if that has locks too */
    CallUnderLock(@Nullable CallUnderLock outer, List<Lease> leases, boolean ignoresLoss) {
        this.outer = outer;
        this.leases = leases;
        this.ignoresLoss = ignoresLoss;
    }

    @Nullable
    CallUnderLock outer() {
        return outer;
    }

    List<Lease> leases() {
        return leases;
    }

    boolean ignoresLoss() {
        return ignoresLoss;
    }

    void committed() {
        hasCommitted = true;
    }

    /** Whether a transaction has begun in it and has committed, its leases being held. */
    boolean hasCommitted() {
        return hasCommitted;
    }
}

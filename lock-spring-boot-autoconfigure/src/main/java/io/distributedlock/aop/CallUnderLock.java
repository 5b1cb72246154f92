package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of a locked method, while it runs; of one thread. */
final class CallUnderLock {

    private final @Nullable CallUnderLock outer;
    private final LockedMethod locked;
    private final List<Lease> leases;
    private boolean hasCommitted;

    /** @param outer the call that this one was made in, if that has locks too */
    CallUnderLock(@Nullable CallUnderLock outer, LockedMethod locked, List<Lease> leases) {
        this.outer = outer;
        this.locked = locked;
        this.leases = leases;
    }

    @Nullable
    CallUnderLock outer() {
        return outer;
    }

    LockedMethod locked() {
        return locked;
    }

    List<Lease> leases() {
        return leases;
    }

    boolean ignoresLoss() {
        return !locked.throwsOnLoss();
    }

    void committed() {
        hasCommitted = true;
    }

    /** Whether a transaction has begun in it and has committed, its leases being held. */
    boolean hasCommitted() {
        return hasCommitted;
    }
}

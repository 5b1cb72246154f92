package io.distributedlock.aop;

import io.distributedlock.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of a locked method, while it runs. */
final class CallUnderLock {

    private static final ThreadLocal<@Nullable CallUnderLock> INNERMOST = new ThreadLocal<>();

    private final LockedMethod locked;
    private final List<Lease> leases;
    private volatile @Nullable CallUnderLock outer;
    private volatile boolean hasCommitted;
    private volatile boolean ended;

    /** @param outer the call that this one was made in, if that has locks too */
    CallUnderLock(@Nullable CallUnderLock outer, LockedMethod locked, List<Lease> leases) {
        this.outer = running(outer);
        this.locked = locked;
        this.leases = leases;
    }

    /** The call that the calling thread works for and that took its locks last; {@code null} when none did. */
    static @Nullable CallUnderLock innermost() {
        return running(INNERMOST.get());
    }

    static void setInnermost(@Nullable CallUnderLock call) {
        if (call == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(call);
        }
    }

    /** A call of the calling thread, to be ended by {@link #endOnThread}. */
    static CallUnderLock beginOnThread(LockedMethod locked, List<Lease> leases) {
        CallUnderLock call = new CallUnderLock(innermost(), locked, leases);
        setInnermost(call);
        return call;
    }

    void endOnThread() {
        end();
        setInnermost(outer());
    }

    /** Its leases are given back. */
    void end() {
        ended = true;
    }

    @Nullable
    CallUnderLock outer() {
        outer = running(outer);
        return outer;
    }

    /** Calls may start each other in turn, and end: a chain of those that have ended would grow for ever. */
    private static @Nullable CallUnderLock running(@Nullable CallUnderLock call) {
        CallUnderLock present = call;
        while (present != null && present.ended) {
            present = present.outer;
        }
        if (present != null) {
            present.outer = running(present.outer);
        }
        return present;
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

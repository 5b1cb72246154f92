package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call of a locked method whose work belongs to no thread. Whoever carries it to another thread, like a Reactor context or a
 * coroutine, lets that thread have the call's locks: for re-entry, for {@link LockManager#current}, and for the check of
 * transactions before they commit.
 */
public final class AsyncCall {

    /** Under which a context carries it. */
    public static final String KEY = "io.distributedlock.call";

    private static final ThreadLocal<@Nullable Entry> ENTERED = new ThreadLocal<>();

    private final LockCall locks;
    private final @Nullable CallUnderLock outer;
    private volatile @Nullable CallUnderLock held;

    private AsyncCall(LockCall locks) {
        this.locks = locks;
        this.outer = CallUnderLock.innermost();
    }

    /** Claims the locks. What the calling thread works for is what the new call was made in. */
    static AsyncCall start(LockManager manager, List<LockRequest> requests) {
        return new AsyncCall(manager.startCall(requests));
    }

    CompletableFuture<LeaseGroup> granted() {
        return locks.granted();
    }

    /** It has its locks now, and can be entered. */
    CallUnderLock hold(LockedMethod locked, List<Lease> leases) {
        CallUnderLock call = new CallUnderLock(outer, locked, leases);
        held = call;
        return call;
    }

    /** The one that the calling thread works for; {@code null} when it works for itself. */
    public static @Nullable AsyncCall current() {
        Entry top = ENTERED.get();
        return top == null ? null : top.call;
    }

    /**
     * Lets the calling thread work for a call that was carried to it, until something else is said here.
     *
     * @param call {@code null} = for nothing that was carried
     */
    public static void setCurrent(@Nullable AsyncCall call) {
        Entry top = ENTERED.get();
        if (top != null && top.carried) {
            top.close();
        }
        if (current() != call) {
            push(call, true);
        }
    }

    /** Lets the calling thread work for this call until the scope is closed. */
    Scope enter() {
        return push(this, false);
    }

    /** Lets the calling thread work for what it did before, if it works for this call now. */
    Scope leave() {
        return current() == this ? push(null, false) : () -> {};
    }

    private static Entry push(@Nullable AsyncCall call, boolean carried) {
        Entry entry = new Entry(call, carried, ENTERED.get());
        ENTERED.set(entry);
        return entry;
    }

    /** Of the calling thread; closed on it, those entered later first. */
    interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    private static final class Entry implements Scope {

        private final @Nullable AsyncCall call;
        private final boolean carried;
        private final @Nullable Entry below;
        private final LockCall.@Nullable Scope locks;
        private final @Nullable CallUnderLock before = CallUnderLock.innermost();

        Entry(@Nullable AsyncCall entered, boolean carried, @Nullable Entry below) {
            this.carried = carried;
            this.below = below;
            if (entered != null) {
                call = entered;
                locks = entered.locks.enter();
                CallUnderLock.setInnermost(entered.held);
            } else if (below != null) {
                call = below.below == null ? null : below.below.call;
                locks = below.locks == null ? null : below.locks.leave();
                CallUnderLock.setInnermost(below.before);
            } else {
                call = null;
                locks = null;
            }
        }

        @Override
        public void close() {
            if (locks != null) {
                locks.close();
            }
            CallUnderLock.setInnermost(before);
            if (below == null) {
                ENTERED.remove();
            } else {
                ENTERED.set(below);
            }
        }
    }
}

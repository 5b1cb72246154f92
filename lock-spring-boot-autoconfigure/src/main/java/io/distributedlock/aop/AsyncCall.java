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

    private static final ThreadLocal<@Nullable Entered> ENTERED = new ThreadLocal<>();

    private final LockCall locks;
    private final @Nullable AsyncCall outer;
    private final @Nullable CallUnderLock outerCall;
    private volatile @Nullable CallUnderLock held;

    private AsyncCall(LockCall locks) {
        this.locks = locks;
        this.outer = current();
        this.outerCall = CallUnderLock.innermost();
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
        CallUnderLock call = new CallUnderLock(outerCall, locked, leases);
        held = call;
        return call;
    }

    /** The one that the calling thread works for; {@code null} when that works for itself. */
    public static @Nullable AsyncCall current() {
        Entered entered = ENTERED.get();
        return entered == null ? null : entered.call;
    }

    /**
     * Lets the calling thread work for a call.
     *
     * @param call {@code null} = for itself
     */
    public static void setCurrent(@Nullable AsyncCall call) {
        Entered entered = ENTERED.get();
        if (entered != null) {
            if (entered.call == call) {
                return;
            }
            entered.scope.close();
            CallUnderLock.setInnermost(entered.before);
            ENTERED.remove();
        }
        if (call != null) {
            ENTERED.set(new Entered(call, call.locks.enter(), CallUnderLock.innermost()));
            CallUnderLock.setInnermost(call.held);
        }
    }

    /** Lets the calling thread work for this call until the scope is closed. */
    Scope enter() {
        return change(this);
    }

    /** Lets the calling thread work for what this call was made in, if it works for this call now. */
    Scope leave() {
        return current() == this ? change(outer) : () -> {};
    }

    private static Scope change(@Nullable AsyncCall call) {
        AsyncCall before = current();
        setCurrent(call);
        return () -> setCurrent(before);
    }

    interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    private record Entered(
            AsyncCall call, LockCall.Scope scope, @Nullable CallUnderLock before) {}
}

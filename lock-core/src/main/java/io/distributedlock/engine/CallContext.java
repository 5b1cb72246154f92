package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.Lease;
import io.distributedlock.ReleaseMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open handles of one call. A thread carries it, but any thread may close a handle and thereby take it out. Asking for
 * a name costs the same however many locks the call holds.
 */
final class CallContext {

    /** The innermost one last. */
    private final List<LeaseHandle> open = new ArrayList<>();

    /** By name; further out follow by {@link LeaseHandle#outer}. */
    private final Map<String, LeaseHandle> innermost = new HashMap<>();

    private final EngineSettings settings;
    private final Predicate<Lease> closeHook;
    private HolderInfo caller;

    CallContext(EngineSettings settings, Predicate<Lease> closeHook, HolderInfo caller) {
        this.settings = settings;
        this.closeHook = closeHook;
        this.caller = caller;
    }

    /** The same for all leases of a thread, unless it has got another name. */
    HolderInfo caller(String thread) {
        if (!caller.thread().equals(thread)) {
            caller = settings.holder(thread);
        }
        return caller;
    }

    /** Whether who gives a lock back waits for the store's answer. */
    boolean awaitsReleases() {
        return settings.release() == ReleaseMode.CONFIRMED;
    }

    /** Asked once by each handle that is closed. */
    boolean leavesToTransaction(Lease handle) {
        return closeHook.test(handle);
    }

    synchronized void push(LeaseHandle handle) {
        open.add(handle);
        handle.outer = innermost.put(handle.name(), handle);
    }

    synchronized void remove(LeaseHandle handle) {
        int place = open.lastIndexOf(handle);
        if (place < 0) {
            return;
        }
        open.remove(place);
        LeaseHandle inner = innermost.get(handle.name());
        if (inner == handle) {
            putOrRemove(handle.name(), handle.outer);
            return;
        }
        while (inner != null && inner.outer != handle) {
            inner = inner.outer;
        }
        if (inner != null) {
            inner.outer = handle.outer;
        }
    }

    private void putOrRemove(String name, @Nullable LeaseHandle handle) {
        if (handle == null) {
            innermost.remove(name);
        } else {
            innermost.put(name, handle);
        }
    }

    synchronized Optional<LeaseHandle> innermost() {
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get(open.size() - 1));
    }

    synchronized Optional<LeaseHandle> innermost(String name) {
        return Optional.ofNullable(innermost.get(name));
    }

    synchronized List<Lease> innermostOfEach() {
        return List.copyOf(innermost.values());
    }

    /** The handle that an unlock closes: one that a transaction is to close still counts for re-entry, but not here. */
    synchronized Optional<LeaseHandle> innermostOpen(String name) {
        LeaseHandle handle = innermost.get(name);
        while (handle != null && !handle.isOpen()) {
            handle = handle.outer;
        }
        return Optional.ofNullable(handle);
    }
}

package io.distributedlock.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open handles of what a thread works for, of all engines: who works for another call does so for each of them. Any thread may
 * close a handle and thereby take it out. Two engines of one application do not re-enter each other's leases. Asking for a
 * name costs the same however many locks the call holds.
 */
final class CallContext {

    private static final ThreadLocal<@Nullable CallContext> OF_THREAD = new ThreadLocal<>();

    /** What the call was begun under, which its own thread may close at any time; the innermost one last. */
    private final List<LeaseHandle> inherited;

    /** The innermost one last. */
    private final List<LeaseHandle> open = new ArrayList<>();

    /** By name; further out follow by {@link LeaseHandle#outer}. */
    private final Map<String, LeaseHandle> innermost = new HashMap<>();

    private CallContext(List<LeaseHandle> inherited) {
        this.inherited = inherited;
    }

    /** Of the call that the calling thread works for; {@code null} when it never had a lease. */
    static @Nullable CallContext ofThread() {
        return OF_THREAD.get();
    }

    /** As {@link #ofThread()}, for who is going to put a handle in. */
    static CallContext ofThreadOrNew() {
        CallContext context = OF_THREAD.get();
        if (context == null) {
            context = new CallContext(List.of());
            OF_THREAD.set(context);
        }
        return context;
    }

    /** Of a thread that works for a call, which holds these. */
    static CallContext of(List<LeaseHandle> held) {
        return new CallContext(held);
    }

    /** What the calling thread holds at the moment, of all engines; the innermost one last. */
    static List<LeaseHandle> heldByThread() {
        CallContext context = OF_THREAD.get();
        return context == null ? List.of() : context.held(null);
    }

    static void setOfThread(@Nullable CallContext context) {
        if (context == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(context);
        }
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

    Optional<LeaseHandle> innermost(Calls engine) {
        List<LeaseHandle> held = held(engine);
        return held.isEmpty() ? Optional.empty() : Optional.of(held.get(held.size() - 1));
    }

    synchronized Optional<LeaseHandle> innermost(String name, Calls engine) {
        LeaseHandle handle = open.isEmpty() ? null : innermost.get(name);
        while (handle != null && !handle.isOf(engine)) {
            handle = handle.outer;
        }
        return handle == null ? inherited(name, engine) : Optional.of(handle);
    }

    private Optional<LeaseHandle> inherited(String name, Calls engine) {
        for (int i = inherited.size() - 1; i >= 0; i--) {
            LeaseHandle handle = inherited.get(i);
            if (!handle.isClosed() && handle.isOf(engine) && handle.name().equals(name)) {
                return Optional.of(handle);
            }
        }
        return Optional.empty();
    }

    /** The handle that an unlock closes: one that a transaction is to close still counts for re-entry, but not here. */
    synchronized Optional<LeaseHandle> innermostOpen(String name, Calls engine) {
        LeaseHandle handle = innermost.get(name);
        while (handle != null && !(handle.isOf(engine) && handle.isOpen())) {
            handle = handle.outer;
        }
        return Optional.ofNullable(handle);
    }

    List<LeaseHandle> innermostOfEach(Calls engine) {
        Map<String, LeaseHandle> byName = new HashMap<>();
        held(engine).forEach(handle -> byName.put(handle.name(), handle));
        return List.copyOf(byName.values());
    }

    /** @param engine {@code null} = of all */
    private synchronized List<LeaseHandle> held(@Nullable Calls engine) {
        return Stream.concat(inherited.stream().filter(handle -> !handle.isClosed()), open.stream())
                .filter(handle -> engine == null || handle.isOf(engine))
                .toList();
    }
}

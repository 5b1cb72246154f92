package io.distributedlock.engine;

import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The open handles of one call, innermost first. A thread carries it, but any thread may close a handle and thereby take
 * it out.
 */
final class CallContext {

    private final Deque<LeaseHandle> open = new ConcurrentLinkedDeque<>();

    void push(LeaseHandle handle) {
        open.addFirst(handle);
    }

    void remove(LeaseHandle handle) {
        open.removeFirstOccurrence(handle);
    }

    Optional<LeaseHandle> innermost() {
        return Optional.ofNullable(open.peekFirst());
    }

    Optional<LeaseHandle> innermost(String name) {
        return open.stream().filter(handle -> handle.name().equals(name)).findFirst();
    }

    /** The handle that an unlock closes: one that a transaction is to close still counts for re-entry, but not here. */
    Optional<LeaseHandle> innermostOpen(String name) {
        return open.stream()
                .filter(handle -> handle.name().equals(name) && handle.isOpen())
                .findFirst();
    }
}

package io.distributedlock.engine;

import io.distributedlock.LockListener;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners, and keeps their exceptions away from the locks. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(LockEngine.class);

    private final List<LockListener> listeners;

    Listeners(List<LockListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void tell(Consumer<LockListener> event) {
        for (LockListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) { // also of errors: a class that a listener misses must not cost a lock
                log.warn("A LockListener failed; the lock is not affected: {}", listener, e);
            }
        }
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }
}

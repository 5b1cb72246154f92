package io.distributedlock.actuate;

import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock from its holder, and keeps that holder out of what the lock's fence protects: at once, and not only when the
 * next one has entered.
 */
public final class ForcedRelease {

    private static final String HOLDER = "forced-release";

    private final Supplier<String> namespace;
    private final Supplier<@Nullable Fence> fence;

    /**
     * Made once per application.
     *
     * @param namespace of the locks, as it stands before their names in the marks
     * @param fence the one that methods enter; {@code null} when there is none
     */
    public ForcedRelease(Supplier<String> namespace, Supplier<@Nullable Fence> fence) {
        this.namespace = namespace;
        this.fence = fence;
    }

    /** @return the token, greater than every one granted so far */
    long run(LockEngine engine, String name) {
        long token = engine.forceRelease(name);
        Fence marks = fence.get();
        if (marks != null) {
            marks.enter(namespace.get() + ":" + name, new FencingToken(name, marks.epoch(), token, HOLDER));
        }
        return token;
    }
}

package io.distributedlock.actuate;

import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a lock from its holder, and keeps that holder out of what the lock's fence protects, if it has not entered yet, without
 * waiting for the next one to enter.
 */
public final class ForcedRelease {

    private static final Logger log = LoggerFactory.getLogger(ForcedRelease.class);

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
            enter(marks, Fence.resourceOf(namespace.get(), name), new FencingToken(name, marks.epoch(), token, HOLDER));
        }
        return token;
    }

    /** The lock is taken away already: that the fence could not be entered must not hide it. */
    private static void enter(Fence marks, String resource, FencingToken token) {
        try {
            marks.enter(resource, token);
        } catch (StaleTokenException nextHolderWasFaster) {
            // The one before is kept out by that one's token.
        } catch (RuntimeException e) {
            log.warn(
                    "Lock '{}' was taken from its holder, but the fence '{}' could not be entered: that holder is refused"
                            + " only when the next one has entered",
                    token.lock(),
                    resource,
                    e);
        }
    }
}

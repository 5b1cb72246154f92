package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.LockRequest;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request that says nothing gets, and who this instance is. */
record EngineSettings(
        String application,
        String instance,
        Duration waitTime,
        Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration lockDelay,
        Duration shutdownTimeout) {

    private static final String ENGINE_PACKAGE = EngineSettings.class.getPackageName() + '.';
    private static final int SHOWN_FRAMES = 8;

    EngineSettings {
        // The same limits as for a request, with the same messages.
        LockRequest limits = LockRequest.of("(defaults)").waitTime(waitTime).leaseTime(leaseTime);
        if (maxHoldTime != null) {
            limits.maxHoldTime(maxHoldTime);
        }
    }

    Terms complete(LockRequest request) {
        if (request.mode() == LockMode.SHARED) {
            throw new IllegalArgumentException(
                    "Lock '" + request.name()
                            + "' was asked for as shared: this version has exclusive locks only; leave shared() and permits() out");
        }
        Duration lease = request.leaseTime() == null ? leaseTime : request.leaseTime();
        Duration wait = request.waitTime() == null ? waitTime : request.waitTime();
        Duration maxHold = request.maxHoldTime() == null ? maxHoldTime : request.maxHoldTime();
        if (maxHold != null) {
            request.maxHoldTime(maxHold); // refuses a default that is shorter than this request's minHoldTime
        }
        HolderInfo info =
                new HolderInfo(application, instance, Thread.currentThread().getName());
        boolean mayBeForgotten = request.template() == null && maxHold == null;
        return new Terms(request, wait, lease, maxHold, lockDelay, info, mayBeForgotten ? callers() : null, wait, null);
    }

    private static String callers() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(ENGINE_PACKAGE))
                        .limit(SHOWN_FRAMES)
                        .map(frame -> "\n\tat " + frame)
                        .collect(Collectors.joining()));
    }
}

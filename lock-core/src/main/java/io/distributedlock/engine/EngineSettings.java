package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a request that says nothing gets, and who this instance is. */
record EngineSettings(
        String application,
        String instance,
        Duration waitTime,
        Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration lockDelay,
        int localHandOffs,
        Duration localHandOffTime,
        ReleaseMode release,
        Duration shutdownTimeout) {

    /** Each is a token that a grant reserves, and a turn that other instances wait for. */
    static final int MAX_LOCAL_HAND_OFFS = 1_000;

    static final Duration MAX_LOCAL_HAND_OFF_TIME = Duration.ofMinutes(1);

    EngineSettings {
        // The same limits as for a request, with the same messages.
        LockRequest limits = LockRequest.of("(defaults)").waitTime(waitTime).leaseTime(leaseTime);
        if (maxHoldTime != null) {
            limits.maxHoldTime(maxHoldTime);
        }
        if (localHandOffs < 0 || localHandOffs > MAX_LOCAL_HAND_OFFS) {
            throw new IllegalArgumentException(
                    "localHandOffs must be between 0 and %d, but was %d".formatted(MAX_LOCAL_HAND_OFFS, localHandOffs));
        }
        if (localHandOffTime.isNegative() || localHandOffTime.compareTo(MAX_LOCAL_HAND_OFF_TIME) > 0) {
            throw new IllegalArgumentException("localHandOffTime must be between 0 and %s, but was %s"
                    .formatted(MAX_LOCAL_HAND_OFF_TIME, localHandOffTime));
        }
    }

    /** A thread of this instance. */
    HolderInfo holder(String thread) {
        return new HolderInfo(application, instance, thread);
    }

    Terms complete(LockRequest request, HolderInfo caller) {
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
        boolean mayBeForgotten = request.template() == null && maxHold == null;
        return new Terms(
                request,
                wait,
                lease,
                maxHold,
                lockDelay,
                caller,
                mayBeForgotten ? CallSites.present() : null,
                wait,
                null);
    }
}

package io.distributedlock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants: a lock's name and how to take it. Immutable; each method answers a changed copy and refuses
 * nonsense with an {@link IllegalArgumentException} that names the value, the limit and the mend.
 *
 * @param name the lock: 1 to {@value #MAX_NAME_BYTES} bytes of UTF-8 without control characters, no namespace
 * @param mode exclusive or shared
 * @param permits by how many holders a shared lock may be held; 0 = no limit
 * @param waitTime how long to wait for a lock that another holder has, zero = do not wait; {@code null} = the manager's
 *     default
 * @param leaseTime how long the store keeps the lock when it is no longer renewed, at least 100 ms; it is renewed while
 *     the lease is open. {@code null} = the manager's default
 * @param maxHoldTime renewal stops so long after the grant and the lease is lost; {@code null} = the manager's default,
 *     usually no bound
 * @param minHoldTime the lock stays taken at least so long after the grant, however early the lease is closed
 * @param template the declared name that {@code name} was made from, a value of low cardinality to tag metrics with;
 *     {@code null} when nothing was declared
 */
public record LockRequest(
        String name,
        LockMode mode,
        int permits,
        @Nullable Duration waitTime,
        @Nullable Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration minHoldTime,
        @Nullable String template) {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 512;

    /** The shortest lease: below it, a pause of an ordinary garbage collection would lose the lock. */
    public static final Duration MIN_LEASE_TIME = Duration.ofMillis(100);

    /** The longest of all durations here. It keeps arithmetic in nanoseconds far from overflow. */
    public static final Duration MAX_DURATION = Duration.ofDays(365);

    /** Refuses nonsense. */
    public LockRequest {
        checkName(name);
        Objects.requireNonNull(mode, "mode");
        if (permits < 0) {
            throw refused(name, "permits", permits, "at least 0 (0 = no limit)");
        }
        if (permits > 0 && mode != LockMode.SHARED) {
            throw refused(
                    name, "permits", permits, "0 for an exclusive lock; call shared() first to limit shared holders");
        }
        checkDuration(name, "waitTime", waitTime, Duration.ZERO);
        checkDuration(name, "leaseTime", leaseTime, MIN_LEASE_TIME);
        checkDuration(name, "maxHoldTime", maxHoldTime, MIN_LEASE_TIME);
        checkDuration(name, "minHoldTime", Objects.requireNonNull(minHoldTime, "minHoldTime"), Duration.ZERO);
        if (maxHoldTime != null && maxHoldTime.compareTo(minHoldTime) < 0) {
            throw refused(name, "maxHoldTime", maxHoldTime, "at least the minHoldTime of " + minHoldTime);
        }
    }

    /**
     * An exclusive claim with the manager's defaults.
     *
     * @param name the lock
     * @return the request
     */
    public static LockRequest of(String name) {
        return new LockRequest(name, LockMode.EXCLUSIVE, 0, null, null, null, Duration.ZERO, null);
    }

    /**
     * Sets how long to wait while others have the lock.
     *
     * @param time zero (do not wait) to {@link #MAX_DURATION}
     * @return a changed copy
     */
    public LockRequest waitTime(Duration time) {
        return new LockRequest(
                name, mode, permits, Objects.requireNonNull(time), leaseTime, maxHoldTime, minHoldTime, template);
    }

    /**
     * Sets how long the store keeps the lock when it is no longer renewed.
     *
     * @param time {@link #MIN_LEASE_TIME} to {@link #MAX_DURATION}
     * @return a changed copy
     */
    public LockRequest leaseTime(Duration time) {
        return new LockRequest(
                name, mode, permits, waitTime, Objects.requireNonNull(time), maxHoldTime, minHoldTime, template);
    }

    /**
     * Sets after which time the lease is no longer renewed and lost.
     *
     * @param time {@link #MIN_LEASE_TIME} to {@link #MAX_DURATION}, not less than {@code minHoldTime}
     * @return a changed copy
     */
    public LockRequest maxHoldTime(Duration time) {
        return new LockRequest(
                name, mode, permits, waitTime, leaseTime, Objects.requireNonNull(time), minHoldTime, template);
    }

    /**
     * Sets how long the lock stays taken at least, also when the lease is closed earlier.
     *
     * @param time zero to {@link #MAX_DURATION}
     * @return a changed copy
     */
    public LockRequest minHoldTime(Duration time) {
        return new LockRequest(name, mode, permits, waitTime, leaseTime, maxHoldTime, time, template);
    }

    /**
     * Asks for a place beside other shared holders.
     *
     * @return a changed copy
     */
    public LockRequest shared() {
        return new LockRequest(name, LockMode.SHARED, permits, waitTime, leaseTime, maxHoldTime, minHoldTime, template);
    }

    /**
     * Limits by how many holders a shared lock may be held; implies {@link #shared()}.
     *
     * @param limit at least 1
     * @return a changed copy
     */
    public LockRequest permits(int limit) {
        if (limit < 1) {
            throw refused(name, "permits", limit, "at least 1; leave it out for no limit");
        }
        return new LockRequest(name, LockMode.SHARED, limit, waitTime, leaseTime, maxHoldTime, minHoldTime, template);
    }

    /**
     * Says which declared name this request's name was made from, so that metrics have a tag of low cardinality.
     *
     * @param declared for example {@code order:#{#id}}
     * @return a changed copy
     */
    public LockRequest template(String declared) {
        return new LockRequest(
                name, mode, permits, waitTime, leaseTime, maxHoldTime, minHoldTime, Objects.requireNonNull(declared));
    }

    private static void checkName(String name) {
        Objects.requireNonNull(name, "The name of a lock must not be null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("The name of a lock must not be blank, but was '" + name
                    + "'; name what is locked, like 'order:42'");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("The name of a lock must not be longer than " + MAX_NAME_BYTES
                    + " bytes of UTF-8, but '" + name.substring(0, 40) + "…' has " + bytes
                    + "; lock on a shorter key, or on a hash of it");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new IllegalArgumentException("The name of a lock must not contain control characters, but '"
                        + name.replaceAll("\\p{Cntrl}", "?")
                        + "' has U+%04X at index %d; remove it".formatted((int) name.charAt(i), i));
            }
        }
    }

    private static void checkDuration(String name, String option, @Nullable Duration value, Duration min) {
        if (value != null && (value.compareTo(min) < 0 || value.compareTo(MAX_DURATION) > 0)) {
            throw refused(name, option, value, "between " + min + " and " + MAX_DURATION);
        }
    }

    private static IllegalArgumentException refused(String name, String option, Object value, String limit) {
        return new IllegalArgumentException(
                "The %s of lock '%s' must be %s, but was %s".formatted(option, name, limit, value));
    }
}

package io.distributedlock;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lease of this instance at one moment.
 *
 * @param name the lock, without namespace
 * @param template the declared name the lock's name was made from, for example {@code order:#{#id}}; {@code null} for a
 *     request that declared none
 * @param holder random id of the claim that was granted
 * @param fencingToken token of the grant
 * @param mode mode of the grant
 * @param since when this instance learned of the grant, by its own clock
 * @param remaining how long the lease still runs if it is not renewed; zero when it is over
 * @param thread name of the thread that asked
 * @param suspect whether the last renewal failed, so that nobody knows whether the store prolonged the lease; it is held until
 *     its time is over
 */
public record LeaseInfo(
        String name,
        @Nullable String template,
        String holder,
        long fencingToken,
        LockMode mode,
        Instant since,
        Duration remaining,
        String thread,
        boolean suspect) {}

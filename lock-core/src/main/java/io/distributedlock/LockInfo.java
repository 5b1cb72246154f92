package io.distributedlock;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lock as its store shows it, already out of date when it is read. For people and dashboards, never for a decision.
 *
 * @param name the lock, without namespace
 * @param holders who has it; empty when it is free
 * @param waiters how many claims wait for it, as far as the store knows; an instance usually sends one claim for all
 *     its callers
 */
public record LockInfo(String name, List<Holder> holders, int waiters) {

    /** Copies the list. */
    public LockInfo {
        holders = List.copyOf(holders);
    }

    /**
     * One grant of the lock.
     *
     * @param holder random id of the claim that was granted
     * @param fencingToken token of the grant
     * @param mode mode of the grant
     * @param since when the store granted it, by the store's clock; {@code null} if the store does not say
     * @param info who that is; {@code null} if the store does not say
     */
    public record Holder(
            String holder,
            long fencingToken,
            LockMode mode,
            @Nullable Instant since,
            @Nullable HolderInfo info) {}
}

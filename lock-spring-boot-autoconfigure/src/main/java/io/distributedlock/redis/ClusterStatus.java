package io.distributedlock.redis;

import io.distributedlock.spi.BackendStatus;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a Cluster is: as its worst server. */
final class ClusterStatus {

    private ClusterStatus() {}

    /** Before any server was asked. */
    static BackendStatus ofSlots(Partitions known) {
        int without = 0;
        for (int slot = 0; slot < SlotHash.SLOT_COUNT; slot++) {
            without += known.getMasterBySlot(slot) == null ? 1 : 0;
        }
        List<String> findings = without == 0
                ? List.of()
                : List.of("%d of %d hash slots have no server: locks in them cannot be granted; give them to one"
                        .formatted(without, SlotHash.SLOT_COUNT));
        return new BackendStatus(Duration.ZERO, null, null, findings);
    }

    static BackendStatus worse(BackendStatus one, BackendStatus other) {
        Duration roundTrip = one.roundTrip().compareTo(other.roundTrip()) < 0 ? other.roundTrip() : one.roundTrip();
        List<String> findings = new ArrayList<>(one.findings());
        other.findings().stream().filter(finding -> !findings.contains(finding)).forEach(findings::add);
        return new BackendStatus(roundTrip, larger(one.clockDifference(), other.clockDifference()), null, findings);
    }

    private static @Nullable Duration larger(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.abs().compareTo(other.abs()) < 0 ? other : one;
    }
}

package io.distributedlock.observe;

import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The meters of one declared name. All are registered at once: one lookup per event, and a rate over something that has
 * not happened yet is zero instead of missing.
 *
 * @param renewalRefused renewals to which the store answered that the lease is over
 */
record LockMeters(
        Timer acquired,
        Timer contended,
        Timer error,
        Timer hold,
        Counter renewed,
        Counter renewalFailed,
        Counter renewalRefused,
        Counter bypassed,
        Counter lostAfterCommit,
        Map<LossReason, Counter> losses,
        Map<ReleaseOutcome, Counter> releases) {

    static LockMeters register(MeterRegistry registry, String name) {
        Map<LossReason, Counter> losses = new EnumMap<>(LossReason.class);
        for (LossReason reason : LossReason.values()) {
            losses.put(reason, lost(registry, name, word(reason)));
        }
        Map<ReleaseOutcome, Counter> releases = new EnumMap<>(ReleaseOutcome.class);
        for (ReleaseOutcome outcome : ReleaseOutcome.values()) {
            releases.put(outcome, releases(registry, name, outcome));
        }
        return new LockMeters(
                acquire(registry, name, "acquired"),
                acquire(registry, name, "contended"),
                acquire(registry, name, "error"),
                Timer.builder("lock.hold")
                        .description("Time from the grant of a lock to its release")
                        .tag("lock.name", name)
                        .register(registry),
                renewals(registry, name, "renewed"),
                renewals(registry, name, "failed"),
                renewals(registry, name, "lost"),
                Counter.builder("lock.bypassed")
                        .description("Calls that ran without the lock, because its condition said so")
                        .tag("lock.name", name)
                        .register(registry),
                lost(registry, name, "after-commit"),
                losses,
                releases);
    }

    Counter released(ReleaseOutcome outcome) {
        return Objects.requireNonNull(releases.get(outcome));
    }

    Counter lost(LossReason reason) {
        return Objects.requireNonNull(losses.get(reason));
    }

    private static Timer acquire(MeterRegistry registry, String name, String outcome) {
        return Timer.builder("lock.acquire")
                .description("Time from asking for a lock to getting it or not")
                .tag("lock.name", name)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter renewals(MeterRegistry registry, String name, String outcome) {
        return Counter.builder("lock.renewals")
                .description("Renewals of leases")
                .tag("lock.name", name)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter lost(MeterRegistry registry, String name, String reason) {
        return Counter.builder("lock.lost")
                .description("Leases that ended before their holder gave them back")
                .tag("lock.name", name)
                .tag("reason", reason)
                .register(registry);
    }

    private static Counter releases(MeterRegistry registry, String name, ReleaseOutcome outcome) {
        return Counter.builder("lock.releases")
                .description("Leases that their holder gave back")
                .tag("lock.name", name)
                .tag("outcome", word(outcome))
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

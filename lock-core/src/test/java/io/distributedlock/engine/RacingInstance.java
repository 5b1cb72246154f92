package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.memory.InMemoryLockBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The local queues of one instance over a store in memory that answers at once. No time passes. */
final class RacingInstance {

    static final String NAME = "order:42";

    private static final Terms TERMS = new Terms(
            LockRequest.of(NAME),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            null,
            Duration.ZERO,
            new HolderInfo("test", "instance", "thread"),
            null,
            Duration.ofSeconds(5),
            null);

    /** Made before the race: what runs after the checks of a request, Lincheck would not interleave any more. */
    private static final Map<Integer, EngineSettings> SETTINGS = Map.of(0, settings(0), 1, settings(1), 8, settings(8));

    private final EngineClock clock;
    private final HeldLeases leases;
    private final LocalQueues queues;

    RacingInstance(InMemoryLockBackend store, FrozenTime time, int handOffs) {
        clock = time.clock();
        Alarms alarms = new Alarms(time, clock);
        EngineParts parts = new EngineParts(
                store,
                SETTINGS.get(handOffs),
                clock,
                time.threads(),
                alarms,
                new Listeners(List.of()),
                new Failures("memory"),
                new Releases(store, time, alarms, clock));
        leases = new HeldLeases(parts);
        queues = new LocalQueues(parts, leases);
    }

    private static EngineSettings settings(int handOffs) {
        return new EngineSettings(
                "test",
                "instance",
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                null,
                Duration.ZERO,
                handOffs,
                handOffs == 0 ? Duration.ZERO : Duration.ofMillis(10),
                ReleaseMode.CONFIRMED,
                Duration.ofSeconds(10));
    }

    Waiter enter() {
        Waiter waiter = new Waiter(TERMS, clock.now());
        queues.enter(waiter, false);
        return waiter;
    }

    Moment now() {
        return clock.now();
    }

    int queueCount() {
        return queues.size();
    }

    int leaseCount() {
        return leases.all().size() + leases.watched();
    }
}

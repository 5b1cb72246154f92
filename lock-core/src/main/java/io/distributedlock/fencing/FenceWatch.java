package io.distributedlock.fencing;

import io.distributedlock.Lease;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Knows which of some leases have entered a fence since it was opened, on whichever thread: for whoever demands it of the
 * work that runs under them.
 */
public final class FenceWatch implements AutoCloseable {

    private static final Map<Key, List<FenceWatch>> WATCHES = new ConcurrentHashMap<>();

    private final List<Lease> leases;
    private final Set<Key> entered = ConcurrentHashMap.newKeySet();

    private record Key(String holder, long token) {

        static Key of(Lease lease) {
            return new Key(lease.holder(), lease.fencingToken());
        }
    }

    private FenceWatch(List<Lease> leases) {
        this.leases = leases;
    }

    /**
     * Begins to watch.
     *
     * @param leases to be asked about later
     * @return to be closed when the work is done
     */
    public static FenceWatch open(List<Lease> leases) {
        FenceWatch watch = new FenceWatch(List.copyOf(leases));
        watch.keys()
                .forEach(key -> WATCHES.merge(
                        key,
                        List.of(watch),
                        (one, other) ->
                                Stream.concat(one.stream(), other.stream()).toList()));
        return watch;
    }

    /**
     * Told by fences: a lease has entered one.
     *
     * @param lease the lease, by any of its handles
     */
    public static void entered(Lease lease) {
        Key key = Key.of(lease);
        WATCHES.getOrDefault(key, List.of()).forEach(watch -> watch.entered.add(key));
    }

    /**
     * Those that have entered none.
     *
     * @return empty when each has
     */
    public List<Lease> missing() {
        return leases.stream().filter(lease -> !entered.contains(Key.of(lease))).toList();
    }

    @Override
    public void close() {
        keys().forEach(key -> WATCHES.computeIfPresent(key, (same, watches) -> {
            List<FenceWatch> others =
                    watches.stream().filter(watch -> watch != this).toList();
            return others.isEmpty() ? null : others;
        }));
    }

    private Set<Key> keys() {
        Set<Key> keys = new HashSet<>();
        leases.forEach(lease -> keys.add(Key.of(lease)));
        return keys;
    }
}

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.Adapters;
import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Store;
import io.distributedlock.benchmarks.server.Servers;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What scenarios measure with.
 *
 * @param options what was asked for
 * @param servers the stores
 * @param contenders JVMs, for scenarios that use them
 * @param progress hears what is going on
 */
public record Bench(Options options, Servers servers, Contenders contenders, Consumer<String> progress) {

    /**
     * The adapters that were asked for, without floors.
     *
     * @param store where their locks live
     * @param fit what they must be able to do
     * @return in the order of the table
     */
    List<Adapter> adapters(Store store, Predicate<Adapter> fit) {
        return Adapters.all().stream()
                .filter(adapter -> adapter.store() == store)
                .filter(adapter -> !adapter.has(Adapter.Trait.FLOOR))
                .filter(adapter ->
                        options.adapters().isEmpty() || options.adapters().contains(adapter.name()))
                .filter(fit)
                .toList();
    }

    /** Those of the adapters that were asked for whose callers can wait for a lock. */
    List<Adapter> adaptersThatWait(Store store) {
        return adapters(store, adapter -> adapter.has(Adapter.Trait.WAITS));
    }

    LockClient open(Adapter adapter) throws IOException {
        return adapter.open(servers.address(adapter.store()));
    }
}

package io.distributedlock.benchmarks.child;

import io.distributedlock.benchmarks.adapter.LockClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The open clients of a child JVM by the names of their adapters. */
final class Clients {

    private final Map<String, LockClient> open = new HashMap<>();

    void add(String adapter, LockClient client) {
        open.put(adapter, client);
    }

    LockClient of(String adapter) {
        return Objects.requireNonNull(open.get(adapter), adapter);
    }
}

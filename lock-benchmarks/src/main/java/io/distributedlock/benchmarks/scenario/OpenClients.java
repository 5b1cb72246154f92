package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.adapter.LockClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The clients of a scenario: open from its first round to its last. */
final class OpenClients implements AutoCloseable {

    private final Bench bench;
    private final List<LockClient> open = new ArrayList<>();

    OpenClients(Bench bench) {
        this.bench = bench;
    }

    LockClient of(Adapter adapter) throws IOException {
        LockClient client = bench.open(adapter);
        open.add(client);
        return client;
    }

    @Override
    public void close() {
        open.forEach(LockClient::close);
    }
}

package io.distributedlock.benchmarks.child;

import io.distributedlock.benchmarks.measure.LockLoad;
import io.distributedlock.benchmarks.measure.Threads;
import java.util.List;

/** Threads of this JVM alone that want one lock. Arguments: adapter, lock, threads, seconds. */
final class SliceAlone implements Command {

    private final Clients clients;

    SliceAlone(Clients clients) {
        this.clients = clients;
    }

    @Override
    public String run(List<String> arguments) {
        return new LockLoad(
                        Threads.platform(), Integer.parseInt(arguments.get(2)), Double.parseDouble(arguments.get(3)), 0)
                .onOneName(clients.of(arguments.get(0)), arguments.get(1))
                .toLine();
    }
}

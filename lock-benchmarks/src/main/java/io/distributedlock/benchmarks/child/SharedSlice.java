package io.distributedlock.benchmarks.child;

import io.distributedlock.benchmarks.measure.LockLoad;
import io.distributedlock.benchmarks.measure.MappedGuard;
import io.distributedlock.benchmarks.measure.Threads;
import java.nio.file.Path;
import java.util.List;

/**
 * Threads that want the lock that other JVMs want at the same time. Arguments: adapter, lock, threads, seconds, nanoseconds
 * of work, file of the guard, number of the first thread.
 */
final class SharedSlice implements Command {

    private final Clients clients;

    SharedSlice(Clients clients) {
        this.clients = clients;
    }

    @Override
    public String run(List<String> arguments) throws Exception {
        LockLoad load = new LockLoad(
                Threads.platform(),
                Integer.parseInt(arguments.get(2)),
                Double.parseDouble(arguments.get(3)),
                Long.parseLong(arguments.get(4)));
        MappedGuard guard = new MappedGuard(Path.of(arguments.get(5)));
        return load.onSharedName(
                        clients.of(arguments.get(0)), arguments.get(1), guard, Integer.parseInt(arguments.get(6)))
                .toLine();
    }
}

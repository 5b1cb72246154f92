package io.distributedlock.benchmarks.child;

import io.distributedlock.benchmarks.adapter.Mutex;
import io.distributedlock.benchmarks.measure.MappedGuard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two JVMs that pass a lock to and fro, each giving it back only while the other waits for it. Arguments: adapter, lock,
 * seconds, file, file of the guard, and 0 or 1 for which of the two this is. Answers the number of violations and the times from the call of
 * release in one to the grant in the other, in nanoseconds.
 */
final class PingPong implements Command {

    /** By then the other's request is in the store, or in its loop. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Rarely enough to leave the processor to those who are measured. */
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Clients clients;

    PingPong(Clients clients) {
        this.clients = clients;
    }

    @Override
    public String run(List<String> arguments) throws Exception {
        Mutex mutex = clients.of(arguments.get(0)).mutex(arguments.get(1));
        Path file = Path.of(arguments.get(3));
        MappedGuard guard = new MappedGuard(Path.of(arguments.get(4)));
        PingPongState state = new PingPongState(file, Integer.parseInt(arguments.get(5)));
        long end = System.nanoTime() + (long) (Double.parseDouble(arguments.get(2)) * 1e9);
        List<String> answer = new ArrayList<>();
        while (System.nanoTime() - end < 0) {
            state.startWaiting();
            long token = mutex.acquire();
            long granted = System.nanoTime();
            guard.entered(state.worker(), token);
            state.stopWaiting();
            if (state.releasedByOther()) {
                answer.add(Long.toString(granted - state.releasedAt()));
            }
            while (!state.otherWaits() && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            LockSupport.parkNanos(SETTLE_NANOS);
            guard.left(state.worker());
            state.release(System.nanoTime());
            mutex.release();
            while (state.otherWaits() && System.nanoTime() - end < GRACE_NANOS) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return guard.violations().count() + " " + String.join(",", answer);
    }
}

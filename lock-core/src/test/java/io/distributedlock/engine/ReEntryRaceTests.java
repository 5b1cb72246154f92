package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.memory.InMemoryLockBackend;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A lease that one thread closes in the moment in which its owner takes the lock again. */
class ReEntryRaceTests {

    private static final int ROUNDS = 20_000;

    @Test
    void whoeverTakesTheLockAgainHoldsIt() throws Exception {
        LockRequest request = LockRequest.of("order:42");
        ExecutorService closer = Executors.newSingleThreadExecutor();
        try (LockEngine engine = LockEngine.builder(new InMemoryLockBackend()).build()) {
            for (int i = 0; i < ROUNDS; i++) {
                CyclicBarrier start = new CyclicBarrier(2);
                Lease first = engine.acquire(request);
                Future<?> closing = closer.submit(() -> {
                    start.await();
                    first.close();
                    return null;
                });
                start.await();
                try (Lease second = engine.acquire(request)) {
                    closing.get();
                    assertThat(second.isHeld()).isTrue();
                }
            }
        } finally {
            closer.shutdownNow();
        }
    }
}

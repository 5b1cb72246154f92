package io.distributedlock.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockRequest;
import io.distributedlock.memory.InMemoryLockBackend;
import org.junit.jupiter.api.AfterEach;

/** The engine on virtual time over a store in memory. Callers that wait use futures, so that the test's thread moves time. */
abstract class EngineFixture {

    final VirtualTime time = new VirtualTime();
    final InMemoryLockBackend store = new InMemoryLockBackend(time, time::nanos);
    final SwitchableBackend backend = new SwitchableBackend(store);
    final LockEngine engine = LockEngine.builder(backend).build(time.threads(), time.clock());
    final LockEngine other = LockEngine.builder(store.anotherClient()).build(time.threads(), time.clock());

    final LockRequest order = LockRequest.of("order:42").leaseTime(ofSeconds(15));

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.queueCount()).as("queues").isZero();
        assertThat(engine.watchedCount()).as("watched leases").isZero();
        time.pass(ofMinutes(2));
        assertThat(time.pending()).as("timers").isZero();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }
}

package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockRequest;
import io.distributedlock.memory.InMemoryLockBackend;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Setting a timer wakes a thread, which whoever waits for the lock should not have to wait for. */
@DisplayName("whoever is granted a lock")
class GrantTests {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryLockBackend store = new InMemoryLockBackend(new FrozenTime(), time::nanos);
    private final LockEngine engine = LockEngine.builder(store).build(time.threads(), time.clock());
    private final LockEngine other =
            LockEngine.builder(store.anotherClient()).build(new FrozenTime().threads(), time.clock());
    private final LockRequest order = LockRequest.of("order:42").leaseTime(ofSeconds(1));

    private long timersSetBefore;
    private long timersSetWhenGranted;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.watchedCount()).isZero();
        assertThat(engine.queueCount()).isZero();
        time.pass(ofMinutes(2));
        assertThat(time.pending()).isZero();
    }

    private CompletableFuture<Lease> waiting(LockRequest request, Consumer<Lease> whenGranted) {
        return engine.acquireAsync(request).thenApply(lease -> {
            timersSetWhenGranted = time.timersSet();
            assertThat(engine.held()).extracting(LeaseInfo::fencingToken).containsExactly(lease.fencingToken());
            whenGranted.accept(lease);
            return lease;
        });
    }

    private void release(Lease lease) {
        timersSetBefore = time.timersSet();
        lease.close();
    }

    @Test
    void isToldBeforeATimerIsSet() {
        Lease elsewhere = other.acquire(order);
        CompletableFuture<Lease> here = waiting(order, lease -> {});
        CompletableFuture<Lease> next = engine.acquireAsync(order);

        release(elsewhere);

        assertThat(timersSetWhenGranted).isEqualTo(timersSetBefore);
        assertThat(time.timersSet() - timersSetBefore)
                .as("for its renewal, for standstills, and for the claim of the next")
                .isEqualTo(3);
        here.join().close();
        next.join().close();
    }

    @Test
    void isToldBeforeATimerIsSetByWhoHandsItOn() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = waiting(order.leaseTime(ofSeconds(30)), lease -> {});

        release(first);

        assertThat(timersSetWhenGranted).isEqualTo(timersSetBefore);
        assertThat(time.timersSet() - timersSetBefore).as("for its renewal").isEqualTo(1);
        time.pass(ofMillis(20));
        assertThat(here.join().remaining()).isEqualTo(ofSeconds(27));
        here.join().close();
    }

    @Test
    void needsNoTimerWhenItReleasesAtOnce() {
        Lease elsewhere = other.acquire(order);
        CompletableFuture<Lease> here = waiting(order, Lease::close);

        release(elsewhere);

        assertThat(here.join().isHeld()).isFalse();
        assertThat(time.timersSet()).isEqualTo(timersSetBefore);
    }

    @Test
    void isRenewedThoughTheOneBeforeReleasedAtOnce() {
        Lease elsewhere = other.acquire(order);
        CompletableFuture<Lease> here = waiting(order, Lease::close);
        CompletableFuture<Lease> next = engine.acquireAsync(order);

        release(elsewhere);

        assertThat(here.join().isHeld()).isFalse();
        time.pass(ofSeconds(3));
        assertThat(next.join().isHeld()).isTrue();
        next.join().close();
    }
}

package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class LeaseClauses extends ManagerClauses {

    LeaseClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("keeps out the other instance until it is closed")
    void excludes() throws Exception {
        try (Lease lease = one.acquire(both.request())) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.name()).isEqualTo(name);
            assertThat(both.fixture.holderOf(name)).contains(lease.holder());
            assertThat(two.tryAcquire(both.atOnce())).isEmpty();
        }

        assertThat(two.tryAcquire(both.atOnce())).isPresent();
    }

    @Test
    @DisplayName("is entered again by its holder: same token, and the last handle gives it back")
    void isReentrant() {
        Lease outer = one.acquire(both.request());
        Lease inner = one.acquire(both.atOnce());

        assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
        assertThat(inner.holder()).isEqualTo(outer.holder());
        assertThat(inner.release()).isEqualTo(ReleaseOutcome.DEFERRED);
        inner.close();
        assertThat(outer.isHeld()).isTrue();
        assertThat(two.tryAcquire(both.atOnce())).isEmpty();

        assertThat(outer.release()).isEqualTo(ReleaseOutcome.RELEASED);

        assertThat(two.tryAcquire(both.atOnce())).isPresent();
    }

    @Test
    @DisplayName("is renewed for as long as it is open")
    void isRenewed() {
        Duration leaseTime = both.fixture.shortLease().multipliedBy(2);
        Lease lease = one.acquire(both.request().leaseTime(leaseTime));
        long end = System.nanoTime() + leaseTime.multipliedBy(2).toNanos();

        await().atMost(leaseTime.multipliedBy(2).plus(both.fixture.patience()))
                .pollInterval(leaseTime.dividedBy(8))
                .until(() -> {
                    assertThat(two.tryAcquire(both.atOnce())).isEmpty();
                    return System.nanoTime() - end > 0;
                });

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    @DisplayName("keeps the lock for its minHoldTime, however early it is closed")
    void isKept() {
        Duration minHold = both.fixture.shortLease();
        long before = System.nanoTime();
        one.acquire(both.request().minHoldTime(minHold)).close();

        both.eventually(() -> assertThat(two.tryAcquire(both.atOnce())).isPresent());

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(minHold);
    }

    @Test
    @DisplayName("of several locks is all or none")
    void ofSeveral() {
        List<LockRequest> requests = List.of(LockRequest.of(name + "-2"), LockRequest.of(name + "-1"));
        Lease other = two.acquire(LockRequest.of(name + "-2"));

        assertThatThrownBy(() -> one.acquireAll(requests.stream()
                        .map(request -> request.waitTime(Duration.ofSeconds(1)))
                        .toList()))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining(name + "-2");
        two.acquire(LockRequest.of(name + "-1")).close();
        other.close();

        try (LeaseGroup group = one.acquireAll(requests)) {
            assertThat(group.leases()).extracting(Lease::name).containsExactly(name + "-1", name + "-2");
            assertThat(group.isHeld()).isTrue();
        }
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("that was closed leaves nothing, however many names there were")
    void manyNames() throws Exception {
        int threads = 8;
        int names = both.fixture.manyNames() / threads;
        List<CompletableFuture<Boolean>> workers = IntStream.range(0, threads)
                .mapToObj(thread -> both.elsewhere(() -> {
                    for (int i = 0; i < names; i++) {
                        one.acquire(LockRequest.of(name + "-" + thread + "-" + i))
                                .close();
                    }
                    return true;
                }))
                .toList();
        for (CompletableFuture<Boolean> worker : workers) {
            assertThat(both.answer(worker)).isTrue();
        }

        assertThat(one.held()).isEmpty();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("that is open when its instance shuts down is given back")
    void isGivenBackAtShutdown() {
        Lease open = one.acquire(both.request());

        one.close();

        assertThat(open.isHeld()).isFalse();
        assertThat(two.tryAcquire(both.atOnce())).isPresent();
        assertThatThrownBy(() -> one.acquire(both.request())).isInstanceOf(RuntimeException.class);
    }
}

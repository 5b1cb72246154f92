package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class CallClauses extends ManagerClauses {

    CallClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("holds its lock on every thread that works for it, and nowhere else")
    void holdsItsLockWhereverItWorks() throws Exception {
        LockCall call = one.startCall(List.of(both.request()));
        Lease lease = both.answer(call.granted()).leases().get(0);

        long reentered = both.answer(both.elsewhere(() -> {
            try (LockCall.Scope scope = call.enter();
                    Lease inner = one.acquire(both.atOnce())) {
                return inner.fencingToken();
            }
        }));
        boolean elsewhere =
                both.answer(both.elsewhere(() -> one.tryAcquire(both.atOnce()).isPresent()));

        assertThat(reentered).isEqualTo(lease.fencingToken());
        assertThat(elsewhere).isFalse();
        assertThat(both.answer(lease.releaseAsync().toCompletableFuture())).isEqualTo(ReleaseOutcome.RELEASED);
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("waits for its turn without a thread, and gets a greater token")
    void waitsWithoutAThread() throws Exception {
        Lease before = two.acquire(both.request());
        CompletableFuture<LeaseGroup> waiting =
                one.startCall(List.of(both.request())).granted();
        both.awaitWaiter();
        assertThat(waiting).isNotDone();

        before.close();

        Lease lease = both.answer(waiting).leases().get(0);
        assertThat(lease.fencingToken()).isGreaterThan(before.fencingToken());
        lease.close();
    }

    @Test
    @DisplayName("leaves nothing behind when it is cancelled before it has its locks")
    void isCancelled() {
        Lease lease = two.acquire(both.request());
        LockRequest free = LockRequest.of(" before " + name);
        CompletableFuture<LeaseGroup> waiting = one.startCall(
                        List.of(free, both.request().waitTime(Duration.ofDays(1))))
                .granted();
        both.awaitWaiter();

        assertThat(waiting.cancel(true)).isTrue();

        lease.close();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("gives back what it has when one of its locks is not to be had")
    void takesAllOrNone() throws Exception {
        Lease lease = two.acquire(both.request());
        LockRequest free = LockRequest.of(" before " + name);

        assertThatThrownBy(() -> one.startCall(List.of(free, both.atOnce()))
                        .granted()
                        .get(both.fixture.patience().multipliedBy(12).toNanos(), TimeUnit.NANOSECONDS))
                .hasCauseInstanceOf(LockNotAcquiredException.class);

        lease.close();
        both.nothingIsLeft();
    }
}

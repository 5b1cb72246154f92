package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.memory.InMemoryLockBackend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a call of no thread")
class LockCallTests extends EngineFixture {

    private final LockRequest atOnce = order.waitTime(ZERO);

    @Test
    void isKnownToAThreadOnlyWhileThatWorksForIt() {
        LockCall call = engine.startCall(List.of(order));
        try (LeaseGroup group = call.granted().join()) {
            assertThat(engine.current("order:42")).isEmpty();
            try (LockCall.Scope scope = call.enter()) {
                assertThat(engine.current("order:42"))
                        .containsSame(group.leases().get(0));
                assertThat(engine.current()).containsSame(group.leases().get(0));
                assertThat(engine.currentAll()).containsExactlyElementsOf(group.leases());
                assertThat(other.current()).isEmpty();
            }
            assertThat(engine.current()).isEmpty();
            assertThat(engine.tryAcquire(atOnce)).isEmpty();
        }
    }

    @Test
    void reEntersItsLocksAndKeepsThemToTheLastHandle() {
        LockCall call = engine.startCall(List.of(order));
        LeaseGroup group = call.granted().join();
        Lease inner;
        try (LockCall.Scope scope = call.enter()) {
            inner = engine.acquire(atOnce);
            assertThat(inner.fencingToken()).isEqualTo(group.leases().get(0).fencingToken());
            assertThat(engine.startCall(List.of(atOnce)).granted()).isCompletedWithValueMatching(leases -> {
                leases.close();
                return leases.leases().get(0).fencingToken() == inner.fencingToken();
            });
        }
        group.close();
        assertThat(inner.isHeld()).isTrue();
        assertThat(other.tryAcquire(atOnce)).isEmpty();
        inner.close();
        assertThat(backend.acquires).hasSize(1);
    }

    @Test
    void cannotBeEnteredBeforeItHasItsLocks() {
        Lease taken = other.acquire(order);
        LockCall call = engine.startCall(List.of(order));
        assertThatThrownBy(call::enter)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("granted");
        call.granted().cancel(true);
        taken.close();
    }

    @Test
    void isLeftForAWhileAndEnteredAgain() {
        LockCall call = engine.startCall(List.of(order));
        try (LeaseGroup group = call.granted().join();
                Lease own = engine.acquire(LockRequest.of("own"));
                LockCall.Scope scope = call.enter()) {
            try (LockCall.Scope outside = scope.leave()) {
                assertThat(engine.current("order:42")).isEmpty();
                assertThat(engine.current("own")).containsSame(own);
            }
            assertThat(engine.current("order:42")).containsSame(group.leases().get(0));
            assertThat(engine.current("own")).isEmpty();
        }
    }

    @Test
    void doesNotShareWhatAThreadTakesThatWorksForIt() {
        LockCall call = engine.startCall(List.of(LockRequest.of("another")));
        try (LeaseGroup group = call.granted().join();
                LockCall.Scope one = call.enter();
                Lease taken = engine.acquire(order)) {
            try (LockCall.Scope two = call.enter()) { // as another thread would
                assertThat(engine.current("another"))
                        .containsSame(group.leases().get(0));
                assertThat(engine.current("order:42")).isEmpty();
                assertThat(engine.tryAcquire(atOnce)).isEmpty();
            }
            assertThat(engine.current("order:42")).containsSame(taken);
        }
    }

    @Test
    void reEntersWhatTheThreadHeldThatStartedIt() {
        LeaseGroup group;
        try (Lease outer = engine.acquire(order)) {
            group = engine.startCall(List.of(atOnce)).granted().join();
            assertThat(group.leases().get(0).fencingToken()).isEqualTo(outer.fencingToken());
        }
        assertThat(group.isHeld()).isTrue();
        assertThat(other.tryAcquire(atOnce)).isEmpty();
        group.close();
        assertThat(backend.acquires).hasSize(1);
    }

    @Test
    void doesNotReEnterWhatThatThreadHasClosed() {
        LockCall call;
        LeaseGroup another;
        try (Lease outer = engine.acquire(order)) {
            call = engine.startCall(List.of(LockRequest.of("another")));
            another = engine.startCall(List.of(order)).granted().join(); // keeps the lease itself open
        }
        try (LeaseGroup group = call.granted().join();
                LockCall.Scope scope = call.enter()) {
            assertThat(engine.current("order:42")).isEmpty();
            assertThat(engine.tryAcquire(atOnce)).isEmpty();
        }
        another.close();
    }

    @Test
    void doesNotHaveWhatThatThreadTakesLater() {
        LockCall call = engine.startCall(List.of(LockRequest.of("another")));
        try (Lease later = engine.acquire(order);
                LeaseGroup group = call.granted().join();
                LockCall.Scope scope = call.enter()) {
            assertThat(engine.current("order:42")).isEmpty();
            assertThat(engine.tryAcquire(atOnce)).isEmpty();
        }
    }

    @Test
    void failsWhenWhatItWouldReEnterIsLost() {
        Lease outer = engine.acquire(order);
        time.standStill(ofSeconds(20));
        assertThat(engine.startCall(List.of(order)).granted())
                .isCompletedExceptionally()
                .failsWithin(ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(LockLostException.class);
        outer.close();
    }

    @Test
    void takesItsLocksInTheOrderOfTheirNamesWithinOneWaitTime() {
        Lease taken = other.acquire(LockRequest.of("b"));
        LockCall call = engine.startCall(
                List.of(LockRequest.of("b"), LockRequest.of("a").waitTime(ofSeconds(3)), LockRequest.of("b")));
        assertThat(store.inspect("a").join().holders()).hasSize(1);
        time.pass(ofSeconds(2));
        assertThat(call.granted()).isNotDone();
        time.pass(ofSeconds(1));
        assertThat(call.granted())
                .failsWithin(ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LockNotAcquiredException.class)
                .withMessageContaining("'b'")
                .withMessageContaining("PT3S");
        assertThat(store.inspect("a").join().holders()).isEmpty();
        taken.close();
    }

    @Test
    void withdrawsItsClaimWhenCancelledAndGivesBackWhatItHas() {
        Lease taken = other.acquire(LockRequest.of("b"));
        LockCall call = engine.startCall(List.of(LockRequest.of("a"), LockRequest.of("b")));
        assertThat(call.granted().cancel(true)).isTrue();
        assertThat(store.inspect("a").join().holders()).isEmpty();
        assertThat(store.inspect("b").join().waiters()).isZero();
        taken.close();
        assertThat(store.inspect("b").join().holders()).isEmpty();
    }

    @Test
    void withdrawsAClaimThatItWasAboutToMakeWhenCancelled() {
        Lease a = other.acquire(LockRequest.of("a"));
        Lease b = other.acquire(LockRequest.of("b"));
        LockCall call = engine.startCall(List.of(LockRequest.of("a"), LockRequest.of("b")));
        backend.whenAsked = claim -> {
            if (claim.name().equals("b")) {
                call.granted().cancel(true);
            }
        };
        a.close();
        assertThat(call.granted()).isCancelled();
        assertThat(engine.waiting()).isEmpty();
        b.close();
        assertThat(store.inspect("b").join().holders()).isEmpty();
    }

    @Test
    void ofNoLockIsRefused() {
        assertThatThrownBy(() -> engine.startCall(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    void givesBackWithoutKeepingItsThread() {
        Lease lease = engine.startCall(List.of(order)).granted().join().leases().get(0);
        assertThat(lease.releaseAsync()).isCompletedWithValue(ReleaseOutcome.RELEASED);
        assertThat(lease.releaseAsync()).isCompletedWithValue(ReleaseOutcome.RELEASED);
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(backend.releases).hasSize(1);
    }

    @Test
    void hearsOfAReleaseThatNobodyAnswers() {
        Lease lease = engine.startCall(List.of(order)).granted().join().leases().get(0);
        backend.line = SwitchableBackend.Line.DEAF;
        assertThat(lease.releaseAsync()).succeedsWithin(ofSeconds(20)).isEqualTo(ReleaseOutcome.UNKNOWN);
    }

    @Test
    void doesNotWaitForAnAnswerWhenReleasesArePipelined() {
        InMemoryLockBackend client = store.anotherClient();
        LockEngine hasty =
                LockEngine.builder(client).release(ReleaseMode.PIPELINED).build(time.threads(), time.clock());
        Lease lease = hasty.startCall(List.of(order)).granted().join().leases().get(0);
        assertThat(lease.releaseAsync()).isCompleted();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void isNotOfferedByAManagerThatDoesNotSaySo() {
        LockManager plain = (LockManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockManager.class}, InvocationHandler::invokeDefault);
        assertThatThrownBy(() -> plain.startCall(List.of(order)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("delegating to a LockEngine");
    }
}

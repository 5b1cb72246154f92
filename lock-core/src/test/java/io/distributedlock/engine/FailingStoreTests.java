package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.engine.SwitchableBackend.Line;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a store that fails")
class FailingStoreTests extends EngineFixture {

    @Test
    void isAskedAgainByTheSameHolderAndTheLockIsNotTakenTwice() {
        backend.line = Line.ANSWERS_LOST;
        CompletableFuture<Lease> asked = engine.acquireAsync(order);
        time.pass(ofMillis(100));
        backend.line = Line.UP;
        time.pass(ofSeconds(1));
        assertThat(asked).isCompleted();
        assertThat(backend.acquires).hasSizeGreaterThan(1);
        assertThat(backend.acquires.stream().map(claim -> claim.holder()).distinct())
                .hasSize(1);
        asked.join().close();
    }

    @Test
    void endsTheWaitWithItsCauseAndTheBodyIsNotRun() {
        backend.line = Line.DOWN;
        CompletableFuture<Lease> asked = engine.acquireAsync(order.waitTime(ofSeconds(2)));
        time.pass(ofSeconds(2));
        assertThatThrownBy(asked::join)
                .hasCauseInstanceOf(LockBackendException.class)
                .hasMessageContaining("order:42")
                .hasMessageContaining("Test store at nowhere:1")
                .hasMessageContaining("Connection refused");
        backend.line = Line.UP;
    }

    @Test
    void isNotTakenForALockThatOthersHaveWhenTheClaimItselfHasIt() {
        backend.inspecting = unanswered -> store.inspect("order:42");
        backend.line = Line.ANSWERS_LOST;
        CompletableFuture<Lease> asked = engine.acquireAsync(order.waitTime(ofSeconds(2)));
        time.pass(ofSeconds(2));
        assertThatThrownBy(asked::join)
                .hasCauseInstanceOf(LockBackendException.class)
                .hasMessageContaining("Connection reset");
        backend.line = Line.UP;
    }

    @Test
    void saysSoAtOnceToACallerWhoDoesNotWait() {
        backend.line = Line.DOWN;
        AtomicBoolean ran = new AtomicBoolean();
        assertThatThrownBy(() -> engine.withLock(order.waitTime(ZERO), () -> ran.set(true)))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("Connection refused");
        assertThat(ran).isFalse();
        backend.line = Line.UP;
    }

    @Test
    void givesBackALockThatItGrantedWithoutSayingSo() {
        backend.line = Line.ANSWERS_LOST;
        assertThatThrownBy(() -> engine.acquire(order.waitTime(ZERO))).isInstanceOf(LockBackendException.class);
        backend.line = Line.UP;
        time.pass(ofSeconds(2));
        other.acquire(order).close();
    }

    @Test
    void isNotTakenForALockThatOthersHaveWhenItIsDeaf() {
        backend.line = Line.DEAF;
        CompletableFuture<Lease> asked = engine.acquireAsync(order.waitTime(ofSeconds(2)));
        time.pass(ofSeconds(2));
        assertThatThrownBy(asked::join).hasCauseInstanceOf(LockBackendException.class);
        backend.line = Line.UP;
    }
}

package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.engine.SwitchableBackend.Line;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a caller who does not wait")
class NoWaitTests extends EngineFixture {

    @Test
    void isAnsweredHereWhenThisInstanceHoldsTheLock() {
        CompletableFuture<Lease> held = engine.acquireAsync(order);
        assertThat(engine.tryAcquire(order)).isEmpty();
        assertThat(backend.acquires).hasSize(1);
        held.join().close();
    }

    @Test
    void asksTheStoreWhenThisInstanceHoldsOnlyALostLease() {
        Lease lost = engine.acquireAsync(order).join();
        time.standStill(ofSeconds(20));
        engine.tryAcquire(order).orElseThrow().close();
        lost.close();
    }

    @Test
    void hearsWithinASecondThatTheStoreDoesNotAnswer() {
        backend.line = Line.DEAF;
        CompletableFuture<Lease> asked = engine.acquireAsync(order.waitTime(ZERO));
        time.pass(ofSeconds(1));
        assertThatThrownBy(asked::join)
                .hasCauseInstanceOf(LockBackendException.class)
                .hasMessageContaining("Test store at nowhere:1")
                .hasMessageContaining("1000 ms");
        backend.line = Line.UP;
    }
}

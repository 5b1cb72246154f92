package io.distributedlock.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a shutdown")
class ShutdownTests extends EngineFixture {

    private final LockEngine stopped =
            LockEngine.builder(backend).shutdownTimeout(Duration.ofMillis(50)).build(time.threads(), time.clock());

    @Test
    void refusesNewClaimsAndSendsWaitersAway() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> waiting = stopped.acquireAsync(order);
        stopped.close();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(LockBackendException.class);
        assertThatThrownBy(() -> stopped.acquire(order)).hasMessageContaining("shut down");
        lease.close();
    }

    @Test
    void sitsOutNoMinimumHoldTimeOfWorkThatEndsMeanwhile() throws InterruptedException {
        backend.keeps = false;
        LockEngine patient =
                LockEngine.builder(backend).shutdownTimeout(ofMinutes(1)).build(time.threads(), time.clock());
        Lease lease = patient.acquire(order.minHoldTime(ofMinutes(30)));
        Thread closing = new Thread(patient::close);
        closing.start();
        Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        lease.close();
        closing.join(ofSeconds(20).toMillis());
        assertThat(closing.isAlive()).isFalse();
        other.acquire(order).close();
    }

    @Test
    void givesBackWhatIsStillOpenAndTellsTheHolder() {
        Lease lease = stopped.acquire(order);
        stopped.close();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue(LossReason.SHUTDOWN);
        other.acquire(order).close();
        lease.close();
    }
}

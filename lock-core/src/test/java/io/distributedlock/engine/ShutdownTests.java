package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
    void givesBackWhatIsStillOpenAndTellsTheHolder() {
        Lease lease = stopped.acquire(order);
        stopped.close();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue(LossReason.SHUTDOWN);
        other.acquire(order).close();
        lease.close();
    }
}

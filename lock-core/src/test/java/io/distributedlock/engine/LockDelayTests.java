package io.distributedlock.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.LossReason;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a lock-delay")
class LockDelayTests extends EngineFixture {

    private static final Duration DELAY = ofSeconds(10);

    private final LockEngine delaying = LockEngine.builder(backend)
            .lockDelay(DELAY)
            .shutdownTimeout(Duration.ZERO)
            .build(time.threads(), time.clock());
    private final LockRequest atOnce = order.waitTime(Duration.ZERO);

    @Test
    void keepsOthersOutAfterALeaseHasReachedItsMaxHoldTime() {
        Lease lease = delaying.acquire(order.maxHoldTime(ofSeconds(20)));
        time.pass(ofSeconds(21));
        assertThat(lease.lost()).isCompletedWithValue(LossReason.MAX_HOLD_TIME);

        time.pass(ofSeconds(8));
        assertThat(other.tryAcquire(atOnce)).isEmpty();
        time.pass(ofSeconds(2));
        other.tryAcquire(atOnce).orElseThrow().close();
        lease.close();
    }

    @Test
    void keepsOthersOutFromALeaseThatIsOpenAtTheShutdown() {
        Lease lease = delaying.acquire(order);
        delaying.close();

        time.pass(ofSeconds(9));
        assertThat(other.tryAcquire(atOnce)).isEmpty();
        time.pass(ofSeconds(2));
        other.tryAcquire(atOnce).orElseThrow().close();
        lease.close();
    }

    @Test
    void isNoneForALeaseThatIsLostWhenItsHolderWasDone() {
        backend.keeps = false;
        Lease lease = delaying.acquire(order.minHoldTime(ofMinutes(5)));
        lease.close();
        backend.line = SwitchableBackend.Line.DOWN;
        time.pass(ofSeconds(14));
        backend.line = SwitchableBackend.Line.UP;

        time.pass(ofSeconds(2));

        other.tryAcquire(atOnce).orElseThrow().close();
    }
}

package io.distributedlock.engine;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkTests extends EngineFixture {

    @Test
    void aListenerThatThrowsKeepsNothingFromBeingReleased() {
        LockEngine told = LockEngine.builder(backend)
                .listener(new LockListener() {
                    @Override
                    public void acquired(LeaseInfo lease, Duration waited) {
                        throw new IllegalStateException("planted");
                    }
                })
                .build(time.threads(), time.clock());
        told.acquire(order).close();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void aClassThatAListenerMissesCostsNoLockEither() {
        LockEngine told = LockEngine.builder(backend)
                .listener(new LockListener() {
                    @Override
                    public void acquired(LeaseInfo lease, Duration waited) {
                        throw new NoClassDefFoundError("planted");
                    }
                })
                .build(time.threads(), time.clock());
        told.acquire(order).close();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void sharedLocksAreRefusedWithAMessage() {
        assertThatThrownBy(() -> engine.acquire(order.shared()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exclusive locks only");
    }

    @Test
    void theExceptionOfTheWorkWins() {
        Optional<String> nothing = Optional.empty();
        assertThatThrownBy(() -> engine.withLock(order, () -> {
                    time.standStill(ofSeconds(20));
                    return nothing.orElseThrow(() -> new IllegalStateException("of the work"));
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of the work");
    }

    @Test
    void workWhoseLockWasLostMeanwhileEndsWithAnException() {
        assertThatThrownBy(() -> engine.withLock(order, () -> time.standStill(ofSeconds(20))))
                .isInstanceOf(LockLostException.class);
    }
}

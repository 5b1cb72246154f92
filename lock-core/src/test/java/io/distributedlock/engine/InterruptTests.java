package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.memory.InMemoryLockBackend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interrupts, on real threads. */
class InterruptTests {

    private final InMemoryLockBackend store = new InMemoryLockBackend();
    private final LockEngine engine = LockEngine.builder(store).build();
    private final LockRequest request = LockRequest.of("order:42").waitTime(Duration.ofMinutes(1));

    @AfterEach
    void nothingIsLeft() {
        engine.close();
        assertThat(engine.queueCount()).isZero();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void aWaitingCallerIsLetGoWithItsFlagSetAndItsClaimWithdrawn() {
        Lease other = engine.acquireAsync(request).join();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                engine.acquire(request);
            } catch (LockInterruptedException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        waiting.start();
        Awaitility.await()
                .until(() ->
                        store.inspect("order:42").join().waiters() == 1 && waiting.getState() == Thread.State.WAITING);
        waiting.interrupt();
        assertThat(flag).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        Awaitility.await().until(() -> store.inspect("order:42").join().waiters() == 0);
        other.close();
    }

    @Test
    void aCallerThatIsInterruptedAlreadyGetsNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> engine.acquire(request)).isInstanceOf(LockInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aReleaseIsDoneAllTheSameAndTheFlagStays() {
        Lease lease = engine.acquire(request);
        Thread.currentThread().interrupt();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aReleaseWhoseAnswerStaysOutKeepsItsCallerForABoundedTimeAndTheFlagStays() {
        SwitchableBackend backend = new SwitchableBackend(store);
        try (LockEngine deaf = LockEngine.builder(backend).build()) {
            Lease lease = deaf.acquire(request);
            backend.line = SwitchableBackend.Line.DEAF;
            Thread.currentThread().interrupt();
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
            assertThat(Thread.interrupted()).isTrue();
            store.forceRelease("order:42").join();
        }
    }
}

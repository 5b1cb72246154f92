package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.memory.InMemoryLockBackend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JDK's shape of a lock, on real time. */
@SuppressWarnings("LockNotBeforeTry") // locked and unlocked step by step, to see what others can do in between
class LockViewTests {

    private final LockEngine engine =
            LockEngine.builder(new InMemoryLockBackend()).build();
    private final Lock lock = engine.asLock("stock:1");

    @AfterEach
    void nothingIsLeft() {
        engine.close();
        assertThat(engine.queueCount()).isZero();
    }

    @Test
    void keepsOtherThreadsOutUntilItIsUnlockedAsOftenAsItWasLocked() {
        lock.lock();
        lock.lock();
        assertThat(CompletableFuture.supplyAsync(lock::tryLock).join()).isFalse();
        lock.unlock();
        assertThat(CompletableFuture.supplyAsync(lock::tryLock).join()).isFalse();
        lock.unlock();
        assertThat(CompletableFuture.supplyAsync(() -> {
                            boolean taken = lock.tryLock();
                            lock.unlock();
                            return taken;
                        })
                        .join())
                .isTrue();
    }

    @Test
    void cannotBeUnlockedByAThreadThatDoesNotHoldIt() {
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("stock:1");
    }

    @Test
    void tryLockWithATimeGivesUpAfterIt() throws InterruptedException {
        try (Lease other = engine.acquireAsync(LockRequest.of("stock:1")).join()) {
            assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(other.isHeld()).isTrue();
        }
    }

    @Test
    void lockGoesOnWaitingWhenInterruptedAndKeepsTheFlag() {
        Lease other = engine.acquireAsync(LockRequest.of("stock:1")).join();
        CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            lock.lock();
            interruptedAfterwards.complete(Thread.currentThread().isInterrupted());
            lock.unlock();
        });
        waiting.start();
        awaitWaiting(waiting);
        waiting.interrupt();
        assertThat(interruptedAfterwards).isNotDone();
        other.close();
        assertThat(interruptedAfterwards).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        Awaitility.await().until(() -> !waiting.isAlive());
    }

    @Test
    void lockInterruptiblyThrowsAndClearsTheFlagAsTheJdkAsks() {
        Lease other = engine.acquireAsync(LockRequest.of("stock:1")).join();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                lock.lockInterruptibly();
            } catch (InterruptedException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        waiting.start();
        awaitWaiting(waiting);
        waiting.interrupt();
        assertThat(flag).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
        other.close();
    }

    @Test
    void isFreeAfterATransactionAlthoughItWasUnlockedTwiceInsideOfIt() {
        Deque<Lease> atCompletion = new ArrayDeque<>();
        InMemoryLockBackend store = new InMemoryLockBackend();
        try (LockEngine inTransaction =
                LockEngine.builder(store).closeHook(atCompletion::add).build()) {
            Lock twice = inTransaction.asLock("stock:2");
            twice.lock();
            twice.lock();
            twice.unlock();
            twice.unlock();
            assertThatThrownBy(twice::unlock).isInstanceOf(IllegalMonitorStateException.class);
            assertThat(store.inspect("stock:2").join().holders()).hasSize(1);
            atCompletion.forEach(Lease::release);
            assertThat(store.inspect("stock:2").join().holders()).isEmpty();
        }
    }

    @Test
    void tryLockTakesNoNoticeOfAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThat(lock.tryLock()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        lock.unlock();
    }

    @Test
    void hasNoConditions() {
        assertThatThrownBy(lock::newCondition).isInstanceOf(UnsupportedOperationException.class);
    }

    private static void awaitWaiting(Thread thread) {
        Awaitility.await()
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }
}

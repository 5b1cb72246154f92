package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Lease;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.engine.LockEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class CallerClauses extends ManagerClauses {

    CallerClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("and is interrupted gets an exception, keeps its flag and leaves nothing behind")
    void isInterrupted() throws Exception {
        Lease lease = two.acquire(both.request());
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Boolean> flagKept = both.elsewhere(() -> {
            caller.complete(Thread.currentThread());
            assertThatThrownBy(() -> one.acquire(both.request().waitTime(Duration.ofDays(1))))
                    .isInstanceOf(LockInterruptedException.class)
                    .hasMessageContaining(name);
            return Thread.interrupted();
        });
        both.awaitWaiter();

        both.answer(caller).interrupt();

        assertThat(both.answer(flagKept)).isTrue();
        lease.close();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("gives up when its wait time is over, not earlier, and never wins later")
    void timesOut() throws Exception {
        Duration waitTime = Duration.ofSeconds(1);
        Lease lease = two.acquire(both.request());
        long before = System.nanoTime();

        assertThatThrownBy(() -> one.acquire(both.request().waitTime(waitTime)))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining(name);

        assertThat(System.nanoTime() - before)
                .isBetween(
                        waitTime.toNanos(),
                        waitTime.plus(both.fixture.patience()).toNanos());
        lease.close();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("has its own wait time, whoever of the same instance waits with it")
    void hasItsOwnWaitTime() throws Exception {
        Lease lease = two.acquire(both.request());
        CompletableFuture<Lease> patient =
                both.elsewhere(() -> one.acquire(both.request().waitTime(Duration.ofDays(1))));
        both.awaitWaiter();
        CompletableFuture<Boolean> hasty = both.elsewhere(() ->
                one.tryAcquire(both.request().waitTime(Duration.ofSeconds(1))).isPresent());

        assertThat(both.answer(hasty)).isFalse();
        assertThat(patient).isNotDone();
        lease.close();

        assertThat(both.answer(patient).isHeld()).isTrue();
    }

    @Test
    @DisplayName("is not kept waiting when it does not want to wait")
    void doesNotWait() throws Exception {
        Lease lease = two.acquire(both.request());

        assertThat(one.tryAcquire(both.request())).isEmpty();
        assertThat(both.answer(both.elsewhere(() -> two.tryAcquire(both.request()))))
                .as("another thread of the holder's instance")
                .isEmpty();
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    @DisplayName("and cancels its future leaves nothing behind")
    void cancels() {
        Lease lease = two.acquire(both.request());
        CompletableFuture<Lease> waiting = one.acquireAsync(both.request().waitTime(Duration.ofDays(1)));
        both.awaitWaiter();

        assertThat(waiting.cancel(true)).isTrue();

        lease.close();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("gets the lock in turn with all others, of its instance and of another, one at a time")
    void getsItsTurn() throws Exception {
        List<Long> tokens = new ArrayList<>(); // guarded by the lock itself
        List<CompletableFuture<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            LockEngine engine = i % 2 == 0 ? one : two;
            callers.add(both.elsewhere(() -> {
                for (int turn = 0; turn < 5; turn++) {
                    engine.withLock(
                            both.request().waitTime(both.fixture.patience().multipliedBy(10)),
                            () -> tokens.add(engine.current().orElseThrow().fencingToken()));
                }
                return true;
            }));
        }

        for (CompletableFuture<Boolean> caller : callers) {
            assertThat(both.answer(caller)).isTrue();
        }

        assertThat(tokens).hasSize(60).isSorted().doesNotHaveDuplicates();
    }
}

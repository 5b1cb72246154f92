package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.distributedlock.Lease;
import io.distributedlock.LockInfo;
import io.distributedlock.LockNotAcquiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a caller who waits")
class WaitingTests extends EngineFixture {

    @Test
    void isToldAfterExactlyItsWaitTimeWhoHasTheLock() {
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
            time.pass(ofMillis(2_999));
            assertThat(waiting).isNotDone();
            time.pass(ofMillis(1));
            assertThatThrownBy(waiting::join)
                    .hasCauseInstanceOf(LockNotAcquiredException.class)
                    .hasMessageContaining("order:42")
                    .hasMessageContaining("PT3S")
                    .hasMessageContaining("fencing token " + lease.fencingToken());
        }
    }

    @Test
    void isToldTheSameWhenTheStoreTakesAThirdOfASecondToSayIt() {
        backend.inspecting = answer -> {
            CompletableFuture<LockInfo> slow = new CompletableFuture<>();
            time.schedule(() -> slow.complete(answer.join()), 333, TimeUnit.MILLISECONDS);
            return slow;
        };
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(1)));
            time.pass(ofSeconds(1));
            assertThatThrownBy(waiting::join)
                    .hasCauseInstanceOf(LockNotAcquiredException.class)
                    .hasMessageContaining("fencing token " + lease.fencingToken());
        }
    }

    @Test
    void isToldWithoutAQuestionWhenThisInstanceHasIt() {
        List<String> questions = new ArrayList<>();
        backend.inspecting = answer -> {
            questions.add("who has it?");
            return answer;
        };
        try (Lease lease = engine.acquire(order)) {
            CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
            time.pass(ofSeconds(3));
            assertThatThrownBy(waiting::join)
                    .hasCauseInstanceOf(LockNotAcquiredException.class)
                    .hasMessageContaining("fencing token " + lease.fencingToken());
        }
        assertThat(questions).isEmpty();
    }

    @Test
    void isToldWhoHadItWhenItWentElsewhereInTheLastSecond() {
        Lease lease = engine.acquire(order);
        time.pass(ofMillis(1));
        CompletableFuture<Lease> elsewhere = other.acquireAsync(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
        time.pass(ofMillis(2_500));
        lease.close();
        assertThat(elsewhere).isCompleted();
        time.pass(ofMillis(500));
        assertThatThrownBy(waiting::join)
                .hasCauseInstanceOf(LockNotAcquiredException.class)
                .hasMessageContaining("fencing token " + lease.fencingToken());
        elsewhere.join().close();
    }

    @Test
    void isCountedWhileItWaits() {
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> waiting = engine.acquireAsync(order);
            assertThat(engine.waiting()).containsExactly(entry("order:42", 1));
            waiting.cancel(true);
            assertThat(engine.waiting()).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void isClaimedForAnewWhenTheCallerBeforeItAskedForAnotherLeaseAndLeft() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> head = engine.acquireAsync(order.minHoldTime(ofSeconds(30)));
        CompletableFuture<Lease> heir = engine.acquireAsync(order);
        head.cancel(true);
        lease.close();
        assertThat(backend.acquires.get(1).minHold()).isEqualTo(ZERO);
        heir.join().close();
        other.acquire(order).close();
    }

    @Test
    void whoGaveUpNeverGetsTheLockAfterwards() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.waitTime(ofSeconds(3)));
        time.pass(ofSeconds(3));
        lease.close();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void withdrawsWhenItsFutureIsCancelled() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order);
        waiting.cancel(true);
        lease.close();
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
        assertThat(store.inspect("order:42").join().waiters()).isZero();
    }

    @Test
    void waitsItsOwnTimeHoweverLongTheOthersInTheQueueWait() {
        try (Lease lease = other.acquire(order)) {
            CompletableFuture<Lease> longer = engine.acquireAsync(order.waitTime(ofSeconds(9)));
            CompletableFuture<Lease> shorter = engine.acquireAsync(order.waitTime(ofSeconds(2)));
            time.pass(ofSeconds(2));
            assertThat(shorter).isCompletedExceptionally();
            assertThat(longer).isNotDone();
            time.pass(ofSeconds(7));
            assertThat(longer).isCompletedExceptionally();
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void goesOnWaitingWhenTheClaimOfAShorterWaiterEnds() {
        Lease lease = other.acquire(order);
        CompletableFuture<Lease> shorter = engine.acquireAsync(order.waitTime(ofSeconds(2)));
        CompletableFuture<Lease> longer = engine.acquireAsync(order.waitTime(ofSeconds(9)));
        time.pass(ofSeconds(5));
        assertThat(shorter).isCompletedExceptionally();
        lease.close();
        assertThat(longer).isCompleted();
        longer.join().close();
    }

    @Test
    void oneClaimStandsAtTheStoreForAllOfThem() {
        Lease lease = other.acquire(order);
        List<CompletableFuture<Lease>> all = IntStream.range(0, 10)
                .mapToObj(i -> engine.acquireAsync(order.waitTime(ofMinutes(1))))
                .toList();
        assertThat(backend.acquires).hasSize(1);
        lease.close();
        all.forEach(waiting -> waiting.join().close());
    }
}

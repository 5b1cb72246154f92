package io.distributedlock.aop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.LossReason;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.annotation.OnLoss;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A lock of a method that answers a future is held until the future is completed, on whichever thread. */
class FutureCallTests {

    static class Orders {

        final CompletableFuture<String> work = new CompletableFuture<>();
        final AtomicInteger calls = new AtomicInteger();
        volatile String thread = "";

        @Autowired
        LockManager locks;

        private CompletableFuture<String> begin() {
            calls.incrementAndGet();
            thread = Thread.currentThread().getName();
            assertThat(locks.current("order:1")).isPresent();
            assertThat(locks.current().orElseThrow().name()).isEqualTo("order:1");
            return work;
        }

        public CompletableFuture<String> work() {
            return work;
        }

        public int calls() {
            return calls.get();
        }

        public String thread() {
            return thread;
        }

        @DistributedLock("order:#{#id}")
        public CompletableFuture<String> ship(long id) {
            return begin();
        }

        @DistributedLock(value = "order:1", waitTime = "1h")
        public CompletionStage<String> patient() {
            return begin();
        }

        @DistributedLock("order:1")
        public CompletionStage<String> throwing() {
            throw new IllegalArgumentException("no such order");
        }

        @DistributedLock("order:1")
        public CompletionStage<String> nothing() {
            return null;
        }

        @DistributedLock(value = "order:1", onContention = OnContention.SKIP)
        public CompletableFuture<String> skipping() {
            return begin();
        }

        @DistributedLock(value = "order:1", onContention = OnContention.FALLBACK, fallback = "busy")
        public CompletableFuture<String> falling() {
            return begin();
        }

        CompletableFuture<String> busy(LockNotAcquiredException cause) {
            return CompletableFuture.completedFuture("busy: " + cause.lockName());
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms")
        public CompletableFuture<String> bounded() {
            return begin();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.INTERRUPT)
        public CompletableFuture<String> interruptible() {
            return begin();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.IGNORE)
        public CompletableFuture<String> careless() {
            return begin();
        }

        @DistributedLock(value = "order:1", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public CompletableFuture<String> fencing() {
            return begin();
        }

        @DistributedLock("order:1")
        public String blocking() {
            return locks.current("order:1").orElseThrow().fencingToken() + "";
        }
    }

    private static void with(Consumer<Fixture> test) {
        Locking.application(Orders.class)
                .run(context ->
                        test.accept(new Fixture(context.getBean(Orders.class), context.getBean(LockManager.class))));
    }

    private record Fixture(Orders orders, LockManager locks) {

        void awaitFree() {
            await().untilAsserted(() -> assertThat(locks.held()).isEmpty());
        }

        boolean isFree() {
            return Locking.isFree("order:1", locks);
        }
    }

    @Test
    void isHeldUntilTheFutureIsCompletedAndFreeWhenItsCallerHears() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().ship(1);
            await().until(() -> at.orders().calls() == 1);
            assertThat(answer).isNotDone();
            assertThat(at.locks().current("order:1")).isEmpty();
            assertThat(at.isFree()).isFalse();

            CompletableFuture<Boolean> freeAtTheEnd = answer.thenApply(shipped -> at.isFree());
            at.orders().work().complete("shipped");

            assertThat(answer).succeedsWithin(5, SECONDS).isEqualTo("shipped");
            assertThat(freeAtTheEnd).succeedsWithin(5, SECONDS).isEqualTo(true);
        });
    }

    @Test
    void doesNotKeepItsCallerWaiting() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            CompletionStage<String> answer = at.orders().patient();
            assertThat(at.orders().calls()).isZero();
            at.orders().work().complete("shipped");
            other.close();
            assertThat(answer).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("shipped");
        });
    }

    @Test
    void failsAsTheWorkFails() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().ship(1);
            at.orders().work().completeExceptionally(new IllegalStateException("no stock"));
            assertThatThrownBy(answer::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCause(new IllegalStateException("no stock"));
            assertThatThrownBy(
                            () -> at.orders().throwing().toCompletableFuture().join())
                    .hasCause(new IllegalArgumentException("no such order"));
            assertThat(at.orders().nothing())
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isNull();
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void saysByTheFutureThatTheLockWasNotToBeHad() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            assertThat(at.orders().ship(1))
                    .failsWithin(5, SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(LockNotAcquiredException.class);
            assertThat(at.orders().skipping()).succeedsWithin(5, SECONDS).isNull();
            assertThat(at.orders().falling()).succeedsWithin(5, SECONDS).isEqualTo("busy: order:1");
            assertThat(at.orders().calls()).isZero();
            other.close();
        });
    }

    @Test
    void withdrawsItsClaimWhenItsCallerCancels() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            CompletableFuture<String> answer = at.orders().patient().toCompletableFuture();
            assertThat(at.locks().waiting()).containsKey("order:1");
            answer.cancel(true);
            assertThat(at.locks().waiting()).isEmpty();
            other.close();
            assertThat(at.orders().calls()).isZero();
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void withdrawsItsClaimWhenItsCallerHasWaitedLongEnough() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            assertThat(at.orders().patient().toCompletableFuture().orTimeout(50, TimeUnit.MILLISECONDS))
                    .failsWithin(5, SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class);
            await().untilAsserted(() -> assertThat(at.locks().waiting()).isEmpty());
            other.close();
            assertThat(at.orders().calls()).isZero();
        });
    }

    @Test
    void cancelsTheWorkWithItsAnswer() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().ship(1);
            await().until(() -> at.orders().calls() == 1);
            answer.cancel(true);
            assertThat(at.orders().work()).isCancelled();
            at.awaitFree();
        });
    }

    @Test
    void isReEnteredByWhatTheCallingThreadHolds() {
        with(at -> {
            try (Lease outer = at.locks().acquire(LockRequest.of("order:1"))) {
                CompletableFuture<String> answer = at.orders().ship(1);
                await().until(() -> at.orders().calls() == 1);
                assertThat(at.orders().thread()).startsWith("lock-call-");
                at.orders().work().complete("shipped");
                assertThat(answer).succeedsWithin(5, SECONDS).isEqualTo("shipped");
                assertThat(outer.isHeld()).isTrue();
            }
        });
    }

    @Test
    void staysHeldByTheWorkWhenItsCallerHasGivenItBack() {
        with(at -> {
            CompletableFuture<String> answer;
            try (Lease outer = at.locks().acquire(LockRequest.of("order:1"))) {
                answer = at.orders().ship(1);
            }
            assertThat(at.isFree()).isFalse();
            at.orders().work().complete("shipped");
            assertThat(answer.thenApply(shipped -> at.isFree()))
                    .succeedsWithin(5, SECONDS)
                    .isEqualTo(true);
        });
    }

    @Test
    void failsAtTheEndWhenTheLockWasLost() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().bounded();
            await().until(() -> at.orders().calls() == 1);
            await().until(() -> at.locks().held().isEmpty());
            assertThat(answer).isNotDone();
            at.orders().work().complete("shipped");
            assertThatThrownBy(answer::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            LockLostException.class,
                            lost -> assertThat(lost.reason()).isEqualTo(LossReason.MAX_HOLD_TIME))
                    .hasMessageContaining("had completed by then");
        });
    }

    @Test
    void letsTheExceptionOfTheWorkWinOverALoss() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().bounded();
            await().until(() -> at.orders().calls() == 1);
            await().until(() -> at.locks().held().isEmpty());
            at.orders().work().completeExceptionally(new IllegalStateException("no stock"));
            assertThatThrownBy(answer::join)
                    .cause()
                    .hasMessage("no stock")
                    .satisfies(thrown ->
                            assertThat(thrown.getSuppressed()).hasOnlyElementsOfType(LockLostException.class));
        });
    }

    @Test
    void cancelsTheWorkAtOnceWhenALossInterrupts() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().interruptible();
            assertThatThrownBy(answer::join)
                    .cause()
                    .isInstanceOf(LockLostException.class)
                    .hasMessageContaining("was interrupted for that");
            await().untilAsserted(() -> assertThat(at.orders().work()).isCancelled());
            at.awaitFree();
        });
    }

    @Test
    void doesNotMindALossThatIsIgnored() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().careless();
            await().until(() -> at.orders().calls() == 1);
            await().until(() -> at.locks().held().isEmpty());
            at.orders().work().complete("shipped");
            assertThat(answer).succeedsWithin(5, SECONDS).isEqualTo("shipped");
        });
    }

    @Test
    void hasToHaveFencedWhatItPromisedToFence() {
        with(at -> {
            at.orders().work().complete("shipped");
            assertThatThrownBy(at.orders().fencing()::join)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has entered no fence");
        });
    }
}

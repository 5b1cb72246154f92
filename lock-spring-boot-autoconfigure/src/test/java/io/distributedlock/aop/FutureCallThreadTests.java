package io.distributedlock.aop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnLoss;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where a method that answers a future works, and what its thread has there. */
class FutureCallThreadTests {

    private static final int MORE_THAN_THREADS = 80;

    static class Orders {

        final AtomicInteger calls = new AtomicInteger();

        @Autowired
        Stock stock;

        int calls() {
            return calls.get();
        }

        @DistributedLock("order:1")
        public CompletableFuture<String> ship() {
            calls.incrementAndGet();
            return CompletableFuture.completedFuture("shipped");
        }

        @DistributedLock("order:1")
        public CompletionStage<String> minimal() {
            return CompletableFuture.completedStage("shipped");
        }

        @DistributedLock("order:1")
        public CompletableFuture<String> whereabouts() {
            boolean inTransaction = TransactionSynchronizationManager.isActualTransactionActive();
            return CompletableFuture.completedFuture(
                    Thread.currentThread().getName() + (inTransaction ? " in a transaction" : ""));
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.INTERRUPT)
        public CompletableFuture<String> blocking() throws InterruptedException {
            new CountDownLatch(1).await();
            return CompletableFuture.completedFuture("never");
        }

        @DistributedLock("order:#{#id}")
        public CompletableFuture<String> joining(int id) {
            return CompletableFuture.completedFuture(stock.reserve(id).join());
        }
    }

    static class Stock {

        @DistributedLock(value = "stock:#{#id}", waitTime = "30s")
        public CompletableFuture<String> reserve(int id) {
            return CompletableFuture.completedFuture("reserved " + id);
        }
    }

    private record Fixture(Orders orders, LockManager locks) {

        void awaitFree() {
            await().untilAsserted(() -> assertThat(locks.held()).isEmpty());
        }
    }

    private static void with(ThrowingConsumer<Fixture> test) {
        Locking.application(Orders.class, Stock.class)
                .run(context ->
                        test.accept(new Fixture(context.getBean(Orders.class), context.getBean(LockManager.class))));
    }

    /** Something that threads carry along, for as long as a test runs. */
    private static void carrying(Runnable whenRestored, Runnable test) {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new ThreadLocalAccessor<String>() {
            @Override
            public Object key() {
                return "test.carried";
            }

            @Override
            public String getValue() {
                return "value";
            }

            @Override
            public void setValue(String value) {
                whenRestored.run();
            }

            @Override
            public void setValue() {}

            @Override
            public void restore(String value) {}
        });
        try {
            test.run();
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor("test.carried");
        }
    }

    @Test
    void isNeverThatOfItsCallerNorInItsTransaction() {
        with(at -> {
            TransactionTemplate around = new TransactionTemplate(new NoTransactions());
            for (int i = 0; i < 200; i++) {
                assertThat(around.<String>execute(
                                status -> at.orders().whereabouts().join()))
                        .matches("lock-call-\\d+");
            }
        });
    }

    @Test
    void isInterruptedWhenTheLockIsLostBeforeTheMethodReturns() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().blocking();
            assertThat(answer)
                    .failsWithin(5, SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LockLostException.class)
                    .withMessageContaining("was interrupted for that");
            at.awaitFree();
        });
    }

    @Test
    void mayWaitForAnotherLockedFutureHoweverManyDo() {
        with(at -> {
            List<Lease> others = IntStream.range(0, MORE_THAN_THREADS)
                    .mapToObj(id -> Locking.anotherHolderOf("stock:" + id, at.locks()))
                    .toList();
            CompletableFuture<?>[] answers = IntStream.range(0, MORE_THAN_THREADS)
                    .mapToObj(at.orders()::joining)
                    .toArray(CompletableFuture[]::new);
            await().until(() -> at.locks().waiting().size() == MORE_THAN_THREADS);
            others.forEach(Lease::close);
            assertThat(CompletableFuture.allOf(answers)).succeedsWithin(10, SECONDS);
        });
    }

    @Test
    void isGivenBackByAStageThatCannotBeAsked() {
        with(at -> {
            assertThat(at.orders().minimal().toCompletableFuture())
                    .succeedsWithin(5, SECONDS)
                    .isEqualTo("shipped");
            assertThat(at.locks().held()).isEmpty();
        });
    }

    @Test
    void leavesNoLockBehindWhenItCannotHaveWhatItsCallerCarried() {
        carrying(
                () -> {
                    throw new IllegalStateException("no trace");
                },
                () -> with(at -> {
                    CompletableFuture<String> answer = at.orders().ship();
                    assertThatThrownBy(() -> answer.get(5, SECONDS)).hasRootCauseMessage("no trace");
                    at.awaitFree();
                    assertThat(at.orders().calls()).isZero();
                }));
    }

    @Test
    void doesNothingWhenItsAnswerIsThereAlready() {
        CountDownLatch granted = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        carrying(
                () -> {
                    granted.countDown();
                    try {
                        assertThat(answered.await(5, SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                () -> with(at -> {
                    CompletableFuture<String> answer = at.orders().ship();
                    await().until(() -> granted.getCount() == 0);
                    assertThat(at.locks().held()).hasSize(1);
                    answer.complete("shipped by another");
                    answered.countDown();
                    at.awaitFree();
                    assertThat(at.orders().calls()).isZero();
                }));
    }
}

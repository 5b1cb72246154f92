package io.distributedlock.aop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A lock of an {@code @Async} method is held by the thread that is there for it, which waits for what the method has begun. */
class AsyncMethodTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    @EnableTransactionManagement(order = 0)
    static class OnOtherThreads {

        @Bean
        AsyncTaskExecutor taskExecutor() {
            return new SimpleAsyncTaskExecutor("own-");
        }

        @Bean
        Transactions transactions(ObjectProvider<LockManager> locks) {
            return new Transactions(locks);
        }
    }

    static class Transactions extends NoTransactions {

        private final transient ObjectProvider<LockManager> locks;
        private volatile String end = "none";

        Transactions(ObjectProvider<LockManager> locks) {
            this.locks = locks;
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            end = "committed with " + locks.getObject().held().size() + " locks";
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            end = "rolled back with " + locks.getObject().held().size() + " locks";
        }
    }

    static class Orders {

        final CompletableFuture<String> work = new CompletableFuture<>();
        final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

        @Autowired
        LockManager locks;

        CompletableFuture<String> work() {
            return work;
        }

        @Nullable
        Thread thread() {
            return thread.get();
        }

        private CompletableFuture<String> begin() {
            assertThat(locks.current("order:1")).isPresent();
            thread.set(Thread.currentThread());
            return work;
        }

        @Async
        @DistributedLock("order:1")
        public CompletableFuture<String> pending() {
            return begin();
        }

        @Async
        @Transactional
        @DistributedLock("order:1")
        public CompletableFuture<String> inTransaction() {
            return begin();
        }

        @Async
        @DistributedLock(value = "order:1", waitTime = "1h")
        public Future<String> plain() {
            return CompletableFuture.completedFuture(
                    Thread.currentThread().getName() + locks.held().size());
        }

        @Async
        @DistributedLock("order:1")
        public void nothing() {
            work.complete(Thread.currentThread().getName() + locks.held().size());
        }
    }

    static class Inherited {

        @DistributedLock("order:1")
        public CompletableFuture<String> whereabouts() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }
    }

    @Async
    static class InheritsToOtherThreads extends Inherited {}

    private record Fixture(Orders orders, LockManager locks, Transactions transactions) {

        Thread awaitWork() {
            await().until(() -> orders.thread() != null);
            return orders.thread();
        }
    }

    private static void with(Consumer<Fixture> test) {
        Locking.application(Orders.class, OnOtherThreads.class)
                .run(context -> test.accept(new Fixture(
                        context.getBean(Orders.class),
                        context.getBean(LockManager.class),
                        context.getBean(Transactions.class))));
    }

    @Test
    void isHeldByItsThreadUntilTheFutureIsDone() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().pending();
            Thread own = at.awaitWork();
            assertThat(own.getName()).startsWith("own-");
            await().until(() -> own.getState() == Thread.State.WAITING);
            assertThat(Locking.isFree("order:1", at.locks())).isFalse();
            at.orders().work().complete("shipped");
            assertThat(answer).succeedsWithin(5, SECONDS).isEqualTo("shipped");
            assertThat(at.locks().held()).isEmpty();
        });
    }

    @Test
    void isHeldByAMethodOfAnyKind() {
        with(at -> {
            assertThat(at.orders().plain())
                    .succeedsWithin(5, SECONDS)
                    .asString()
                    .matches("own-\\d+1");
            at.orders().nothing();
            assertThat(at.orders().work()).succeedsWithin(5, SECONDS).asString().matches("own-\\d+1");
        });
    }

    @Test
    void isHeldAtTheCommitOfATransactionOutsideOfIt() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().inTransaction();
            Thread own = at.awaitWork();
            await().until(() -> own.getState() == Thread.State.WAITING);
            assertThat(at.transactions().end).isEqualTo("none");
            at.orders().work().complete("shipped");
            assertThat(answer).succeedsWithin(5, SECONDS);
            assertThat(at.transactions().end).isEqualTo("committed with 1 locks");
            assertThat(at.locks().held()).isEmpty();
        });
    }

    @Test
    void rollsATransactionOutsideOfItBackWhenTheFutureFails() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().inTransaction();
            at.awaitWork();
            at.orders().work().completeExceptionally(new IllegalStateException("no stock"));
            assertThat(answer)
                    .failsWithin(5, SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .withMessage("no stock");
            assertThat(at.transactions().end).isEqualTo("rolled back with 1 locks");
        });
    }

    @Test
    void cancelsTheFutureWhenItsThreadIsInterrupted() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().pending();
            at.awaitWork().interrupt();
            assertThat(answer)
                    .failsWithin(5, SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(at.orders().work()).isCancelled();
            assertThat(at.locks().held()).isEmpty();
        });
    }

    @Test
    void leavesNothingBehindWhenItsThreadIsInterruptedBeforeTheGrant() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            Future<String> answer = at.orders().plain();
            await().until(() -> at.locks().waiting().containsKey("order:1"));
            Thread waiting = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("own-"))
                    .findFirst()
                    .orElseThrow();
            waiting.interrupt();
            await().until(() -> at.locks().waiting().isEmpty());
            assertThatThrownBy(answer::get).hasCauseInstanceOf(LockInterruptedException.class);
            other.close();
            assertThat(at.locks().held()).isEmpty();
        });
    }

    @Test
    void isOnItsOwnThreadWhenOnlyItsSubclassSaysSo() {
        Locking.application(InheritsToOtherThreads.class, OnOtherThreads.class)
                .run(context -> assertThat(
                                context.getBean(InheritsToOtherThreads.class).whereabouts())
                        .succeedsWithin(5, SECONDS)
                        .asString()
                        .startsWith("own-"));
    }
}

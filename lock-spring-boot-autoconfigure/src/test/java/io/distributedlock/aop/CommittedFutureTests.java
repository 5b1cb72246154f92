package io.distributedlock.aop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A future's transaction covers what its method does before it returns. */
class CommittedFutureTests {

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Database {

        @Bean
        Transactions transactions(ObjectProvider<LockManager> locks) {
            return new Transactions(locks);
        }

        @Bean
        Heard heard() {
            return new Heard();
        }
    }

    static class Transactions extends NoTransactions {

        private final transient ObjectProvider<LockManager> locks;
        private volatile boolean slow;

        Transactions(ObjectProvider<LockManager> locks) {
            this.locks = locks;
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (slow) {
                await().until(() -> locks.getObject().held().isEmpty());
            }
        }
    }

    static class Heard implements LockListener {

        final AtomicInteger lostAfterCommit = new AtomicInteger();

        @Override
        public void lostAfterCommit(LockRequest request, LockLostException lost) {
            lostAfterCommit.incrementAndGet();
        }
    }

    static class Orders {

        final CompletableFuture<String> work = new CompletableFuture<>();

        CompletableFuture<String> work() {
            return work;
        }

        @Transactional
        @DistributedLock(value = "order:1", maxHoldTime = "1s")
        public CompletableFuture<String> done() {
            return CompletableFuture.completedFuture("sold");
        }

        @Transactional
        @DistributedLock(value = "order:1", maxHoldTime = "1s")
        public CompletableFuture<String> pending() {
            return work;
        }
    }

    private record Fixture(Orders orders, LockManager locks, Heard heard, Transactions transactions) {}

    private static void with(Consumer<Fixture> test) {
        Locking.application(Database.class, Orders.class)
                .run(context -> test.accept(new Fixture(
                        context.getBean(Orders.class),
                        context.getBean(LockManager.class),
                        context.getBean(Heard.class),
                        context.getBean(Transactions.class))));
    }

    @Test
    void aLossAfterTheCommitIsReportedAndNotThrown() {
        with(at -> {
            at.transactions().slow = true;
            assertThat(at.orders().done()).succeedsWithin(5, SECONDS).isEqualTo("sold");
            assertThat(at.heard().lostAfterCommit).hasValue(1);
        });
    }

    @Test
    void aLossIsThrownWhereWorkWentOnAfterTheCommit() {
        with(at -> {
            CompletableFuture<String> answer = at.orders().pending();
            await().until(() -> at.locks().held().size() == 1);
            await().until(() -> at.locks().held().isEmpty());
            at.orders().work().complete("sold");
            assertThat(answer).failsWithin(5, SECONDS).withThrowableThat().withCauseInstanceOf(LockLostException.class);
            assertThat(at.heard().lostAfterCommit).hasValue(0);
        });
    }
}

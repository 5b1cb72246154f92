package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

@ExtendWith(OutputCaptureExtension.class)
class SurroundingTransactionTests {

    static class Orders extends Witness {

        @Autowired
        JdbcTemplate jdbc;

        @Transactional
        @DistributedLock("order")
        public List<String> write() {
            jdbc.update("insert into paid values (1)");
            return held();
        }

        @DistributedLock("order")
        public List<String> writeWithoutOwn() {
            return held();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock("order")
        public List<String> writeInItsOwn() {
            return held();
        }

        @DistributedLock({"one", "two"})
        public List<String> writeUnderTwo() {
            return held();
        }

        @Transactional
        @DistributedLock("order")
        public List<String> heldAfterItsCommit() {
            List<String> held = new ArrayList<>();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    held.addAll(held());
                }
            });
            return held;
        }

        @Cacheable("reports")
        @DistributedLock("report")
        public List<String> report() {
            return held();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {
        @Bean
        ConcurrentMapCacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }
    }

    private static void run(BiConsumer<AssertableApplicationContext, Orders> test) {
        Locking.application(Orders.class, Caching.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withPropertyValues("spring.datasource.generate-unique-name=true")
                .run(context -> {
                    context.getBean(JdbcTemplate.class).execute("create table paid (id int)");
                    test.accept(context, context.getBean(Orders.class));
                });
    }

    private static List<String> held(AssertableApplicationContext context) {
        return context.getBean(LockManager.class).held().stream()
                .map(LeaseInfo::name)
                .sorted()
                .toList();
    }

    private static void inTransaction(AssertableApplicationContext context, Runnable work) {
        context.getBean(TransactionTemplate.class).executeWithoutResult(status -> work.run());
    }

    @Test
    void theLockIsOutsideOfTheMethodsOwnTransaction() {
        run((context, orders) -> {
            assertThat(orders.heldAfterItsCommit()).containsExactly("order");
            assertThat(held(context)).isEmpty();
        });
    }

    @Test
    void aSurroundingTransactionKeepsTheLockUntilItHasCommitted(CapturedOutput output) {
        run((context, orders) -> {
            List<String> heldAfterCommit = new ArrayList<>();
            inTransaction(context, () -> {
                assertThat(orders.write()).containsExactly("order");
                assertThat(held(context)).containsExactly("order");
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        heldAfterCommit.addAll(held(context));
                    }
                });
                assertThat(orders.write()).containsExactly("order");
            });
            assertThat(heldAfterCommit)
                    .as("locks while others hear of the completion")
                    .containsExactly("order");
            assertThat(held(context)).isEmpty();
            inTransaction(context, orders::write);
            assertThat(output.getOut().split("Orders.write\\(\\) was called inside a transaction", -1))
                    .hasSize(2);
        });
    }

    @Test
    void aSurroundingTransactionThatRollsBackGivesTheLockBackToo() {
        run((context, orders) -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> inTransaction(context, () -> {
                        orders.writeUnderTwo();
                        assertThat(held(context)).containsExactly("one", "two");
                        throw new IllegalStateException("business");
                    }));
            assertThat(held(context)).isEmpty();
        });
    }

    @Test
    void aMethodWithATransactionOfItsOwnGivesTheLockBackWhenItReturns(CapturedOutput output) {
        run((context, orders) -> {
            inTransaction(context, () -> {
                assertThat(orders.writeInItsOwn()).containsExactly("order");
                assertThat(held(context)).isEmpty();
                assertThat(orders.writeWithoutOwn()).containsExactly("order");
                assertThat(held(context)).containsExactly("order");
            });
            assertThat(held(context)).isEmpty();
            assertThat(output).doesNotContain("writeInItsOwn");
        });
    }

    @Test
    void aLeaseTakenByHandWaitsForTheTransactionToo() {
        run((context, orders) -> {
            LockManager locks = context.getBean(LockManager.class);
            inTransaction(context, () -> {
                try (Lease lease = locks.acquire(LockRequest.of("stock"))) {
                    assertThat(lease.isHeld()).isTrue();
                }
                locks.acquire(LockRequest.of("now")).release();
                assertThat(held(context)).containsExactly("stock");
            });
            assertThat(held(context)).isEmpty();
        });
    }

    @Test
    void theLockIsOutsideOfTheCache() {
        run((context, orders) -> {
            assertThat(orders.report()).containsExactly("report");
            try (Lease other = Locking.anotherHolderOf("report", context.getBean(LockManager.class))) {
                assertThat(other.isHeld()).isTrue();
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .as("a value from the cache is read under the lock as well")
                        .isThrownBy(orders::report);
            }
        });
    }
}

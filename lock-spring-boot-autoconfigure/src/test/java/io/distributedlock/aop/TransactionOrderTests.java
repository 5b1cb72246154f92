package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** No lock is given back before what was done under it is committed, whoever manages it and whatever comes first. */
@ExtendWith(OutputCaptureExtension.class)
class TransactionOrderTests {

    static class Orders extends Witness {

        @DistributedLock({"one", "two"})
        public List<String> writeUnderTwo() {
            return held();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock("own")
        public List<String> heldAtCommit() {
            return collectHeldAtCommit();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock("own")
        public List<String> leavesTheOther() {
            return held();
        }

        private List<String> collectHeldAtCommit() {
            List<String> held = new ArrayList<>();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    held.addAll(held());
                }
            });
            return held;
        }
    }

    static class Released implements LockListener {

        final List<String> names = new CopyOnWriteArrayList<>();

        @Override
        public void released(LeaseInfo lease, Duration held, ReleaseOutcome outcome) {
            names.add(lease.name());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {
        @Bean
        LockEngine ownManager(ObjectProvider<LockListener> listeners) {
            LockEngine.Builder builder = LockEngine.builder(new InMemoryLockBackend());
            listeners.forEach(builder::listener);
            return builder.build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 0, proxyTargetClass = true)
    static class TransactionFirst {}

    private static ApplicationContextRunner application(Class<?>... beans) {
        return Locking.application(beans)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withPropertyValues("spring.datasource.generate-unique-name=true");
    }

    private static void inTransaction(ApplicationContext context, Runnable work) {
        context.getBean(TransactionTemplate.class).executeWithoutResult(status -> work.run());
    }

    private static List<String> held(ApplicationContext context) {
        return context.getBean(LockManager.class).held().stream()
                .map(LeaseInfo::name)
                .sorted()
                .toList();
    }

    @Test
    void aManagerOfTheApplicationKeepsTheLocksUntilTheCommitToo() {
        application(Orders.class, OwnManager.class, Released.class).run(context -> {
            inTransaction(context, () -> {
                assertThat(context.getBean(Orders.class).writeUnderTwo()).containsExactly("one", "two");
                assertThat(held(context)).containsExactly("one", "two");
            });
            assertThat(held(context)).isEmpty();
            assertThat(context.getBean(Released.class).names)
                    .as("the last taken first")
                    .containsExactly("two", "one");
            assertThat(context.getBean(Orders.class).writeUnderTwo()).containsExactly("one", "two");
            assertThat(held(context)).isEmpty();
        });
    }

    @Test
    void aMethodsOwnTransactionThatBeganBeforeItsLockIsWaitedFor(CapturedOutput output) {
        application(Orders.class, TransactionFirst.class).run(context -> {
            Orders orders = context.getBean(Orders.class);
            assertThat(orders.heldAtCommit()).containsExactly("own");
            assertThat(held(context)).isEmpty();
            assertThat(output).contains("Orders.heldAtCommit() begins its transaction before it has its lock");
            inTransaction(context, () -> {
                assertThat(orders.leavesTheOther()).containsExactly("own");
                assertThat(held(context)).isEmpty();
            });
        });
    }

    static class Losing extends Witness {

        @Autowired
        LockBackend backend;

        @DistributedLock(name = "a", leaseTime = "300ms")
        public void losing(boolean fail) {
            Lease lease = locks.getObject().current("a").orElseThrow();
            backend.forceRelease("a").join();
            await().atMost(Duration.ofSeconds(20)).until(() -> !lease.isHeld());
            if (fail) {
                throw new IllegalStateException("business");
            }
        }
    }

    @Test
    void aLossSaysWhatBecameOfTheWork() {
        application(Losing.class).run(context -> {
            Losing bean = context.getBean(Losing.class);
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> bean.losing(false))
                    .withMessageContaining("had completed by then, and what it did stands");
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> inTransaction(context, () -> bean.losing(false)))
                    .withMessageContaining(
                            "Losing.losing(boolean) had completed by then, but not the transaction around")
                    .withMessageNotContaining("stands");
            assertThat(catchThrowable(() -> bean.losing(true)).getSuppressed()[0])
                    .isInstanceOf(LockLostException.class)
                    .hasMessageContaining("Losing.losing(boolean) had failed by then");
        });
    }
}

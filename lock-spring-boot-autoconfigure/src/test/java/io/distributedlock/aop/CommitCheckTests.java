package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.LossReason;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A lease that is lost before its work's transaction commits rolls that back; one lost later is reported. */
@ExtendWith(OutputCaptureExtension.class)
class CommitCheckTests {

    private static final String SHORT = "100ms";

    static class Stock {

        @Autowired
        LockManager locks;

        @Autowired
        JdbcTemplate jdbc;

        @Autowired
        PlatformTransactionManager transactions;

        @Autowired
        Steps steps;

        @Transactional
        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseBeforeTheCommit() {
            write();
            lose();
        }

        @Transactional(readOnly = true)
        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseWhileReading() {
            lose();
        }

        @Transactional
        @DistributedLock(name = "stock", maxHoldTime = SHORT, onLoss = OnLoss.IGNORE)
        public void loseAndIgnore() {
            write();
            lose();
        }

        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseInATemplate() {
            new TransactionTemplate(transactions).executeWithoutResult(status -> loseBeforeTheCommitOf(this::write));
        }

        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseInANestedTransaction() {
            TransactionTemplate nested = new TransactionTemplate(transactions);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            new TransactionTemplate(transactions)
                    .executeWithoutResult(
                            outer -> nested.executeWithoutResult(inner -> loseBeforeTheCommitOf(this::write)));
        }

        @Transactional
        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseInATransactionOfAnother() {
            steps.writeInANewTransaction(() -> loseBeforeTheCommitOf(this::write));
        }

        @Transactional
        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseAndFail() {
            write();
            lose();
            throw new IllegalStateException("business");
        }

        @Transactional(timeout = 30)
        @DistributedLock(name = "stock")
        public void hold() {
            write();
        }

        @Transactional
        @DistributedLock(name = "stock")
        public void giveBackBeforeTheCommit() {
            write();
            locks.current("stock").orElseThrow().release();
        }

        @Transactional
        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public String loseAfterTheCommit() {
            write();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    lose();
                }
            });
            return "done";
        }

        @DistributedLock(name = "stock", maxHoldTime = SHORT)
        public void loseAfterACommitThatWasNotAll() {
            new TransactionTemplate(transactions).executeWithoutResult(status -> write());
            lose();
        }

        private void loseBeforeTheCommitOf(Runnable work) {
            work.run();
            lose();
        }

        private void write() {
            jdbc.update("insert into sold values (1)");
        }

        void lose() {
            awaitLoss(locks.current("stock").orElseThrow());
        }
    }

    static class Steps {

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void writeInANewTransaction(Runnable work) {
            work.run();
        }
    }

    static class Losses implements LockListener {

        final List<String> afterCommit = new CopyOnWriteArrayList<>();

        @Override
        public void lostAfterCommit(LockRequest request, LockLostException loss) {
            afterCommit.add(request.name() + " " + loss.reason());
        }
    }

    /** As an application makes it that knows nothing of Boot's customizers. */
    @Configuration(proxyBeanMethods = false)
    static class OwnTransactionManager {

        @Bean
        PlatformTransactionManager own(javax.sql.DataSource source) {
            return new JdbcTransactionManager(source);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UnsynchronizedTransactionManager {

        @Bean
        PlatformTransactionManager own(javax.sql.DataSource source) {
            JdbcTransactionManager manager = new JdbcTransactionManager(source);
            manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
            return manager;
        }
    }

    private static final ApplicationContextRunner APPLICATION = Locking.application(
                    Stock.class, Steps.class, Losses.class)
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    TransactionAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");

    private static void run(BiConsumer<AssertableApplicationContext, Stock> test) {
        run(APPLICATION, test);
    }

    private static void run(
            ApplicationContextRunner application, BiConsumer<AssertableApplicationContext, Stock> test) {
        application.run(context -> {
            context.getBean(JdbcTemplate.class).execute("create table sold (id int)");
            test.accept(context, context.getBean(Stock.class));
        });
    }

    private static int sold(AssertableApplicationContext context) {
        return context.getBean(JdbcTemplate.class).queryForObject("select count(*) from sold", Integer.class);
    }

    private static void assertRolledBack(AssertableApplicationContext context, Runnable call) {
        assertThatExceptionOfType(LockLostException.class).isThrownBy(call::run).satisfies(lost -> {
            assertThat(lost.reason()).isEqualTo(LossReason.MAX_HOLD_TIME);
            assertThat(lost.getSuppressed()).isEmpty();
        });
        assertThat(sold(context)).isZero();
    }

    @Test
    void aLossBeforeTheCommitRollsBack() {
        run((context, stock) -> assertRolledBack(context, stock::loseBeforeTheCommit));
    }

    @Test
    void alsoWithATransactionManagerOfTheApplication() {
        run(APPLICATION.withUserConfiguration(OwnTransactionManager.class), (context, stock) -> {
            assertThat(context).hasSingleBean(PlatformTransactionManager.class);
            assertRolledBack(context, stock::loseBeforeTheCommit);
        });
    }

    @Test
    void alsoWithAManagerThatDoesNotSynchronize() {
        run(
                APPLICATION.withUserConfiguration(UnsynchronizedTransactionManager.class),
                (context, stock) -> assertRolledBack(context, stock::loseBeforeTheCommit));
    }

    @Test
    void alsoByATransactionTemplateInsideOfTheMethod() {
        run((context, stock) -> assertRolledBack(context, stock::loseInATemplate));
    }

    @Test
    void alsoInANestedTransaction() {
        run((context, stock) -> assertRolledBack(context, stock::loseInANestedTransaction));
    }

    @Test
    void alsoInANewTransactionOfAMethodThatItCalls() {
        run((context, stock) -> assertRolledBack(context, stock::loseInATransactionOfAnother));
    }

    @Test
    void alsoWhenItOnlyReads() {
        run((context, stock) -> assertRolledBack(context, stock::loseWhileReading));
    }

    @Test
    void alsoInATransactionThatBeganBeforeTheLockWasTaken() {
        run((context, stock) -> assertRolledBack(
                context,
                () -> inTransaction(context, () -> {
                    Lease lease = acquireShortly(context);
                    write(context);
                    lease.close();
                    awaitLoss(lease);
                })));
    }

    @Test
    void alsoOfALeaseThatWasTakenByHand() {
        run((context, stock) -> assertRolledBack(context, () -> {
            try (Lease lease = acquireShortly(context)) {
                inTransaction(context, () -> {
                    write(context);
                    awaitLoss(lease);
                });
            }
        }));
    }

    private static Lease acquireShortly(AssertableApplicationContext context) {
        return context.getBean(LockManager.class)
                .acquire(LockRequest.of("stock").maxHoldTime(Duration.ofMillis(100)));
    }

    private static void inTransaction(AssertableApplicationContext context, Runnable work) {
        context.getBean(TransactionTemplate.class).executeWithoutResult(status -> work.run());
    }

    private static void write(AssertableApplicationContext context) {
        context.getBean(JdbcTemplate.class).update("insert into sold values (1)");
    }

    private static void awaitLoss(Lease lease) {
        await().atMost(Duration.ofSeconds(10))
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !lease.isHeld());
    }

    @Test
    void theExceptionOfTheWorkComesFirst() {
        run((context, stock) -> {
            assertThatIllegalStateException()
                    .isThrownBy(stock::loseAndFail)
                    .withMessage("business")
                    .satisfies(thrown ->
                            assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(LockLostException.class));
            assertThat(sold(context)).isZero();
        });
    }

    @Test
    void aLossThatIsIgnoredCommits() {
        run((context, stock) -> {
            stock.loseAndIgnore();
            assertThat(sold(context)).isOne();
        });
    }

    @Test
    void aLeaseThatIsHeldOrWasGivenBackCommits() {
        run((context, stock) -> {
            stock.hold();
            stock.giveBackBeforeTheCommit();
            assertThat(sold(context)).isEqualTo(2);
        });
    }

    @Test
    void aLossAfterTheCommitIsToldAndNotThrown(CapturedOutput output) {
        run((context, stock) -> {
            assertThat(stock.loseAfterTheCommit()).isEqualTo("done");
            assertThat(sold(context)).isOne();
            assertThat(context.getBean(Losses.class).afterCommit).containsExactly("stock MAX_HOLD_TIME");
            assertThat(output).contains("Stock.loseAfterTheCommit() had committed its transaction when lock 'stock'");
        });
    }

    @Test
    void aMethodThatIsMoreThanItsTransactionHearsOfALossAfterIt() {
        run((context, stock) -> {
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(stock::loseAfterACommitThatWasNotAll)
                    .withMessageContaining("had completed by then");
            assertThat(sold(context)).isOne();
            assertThat(context.getBean(Losses.class).afterCommit).isEmpty();
        });
    }

    @Test
    void transactionsWithoutALockAreLeftAlone() {
        run((context, stock) -> {
            List<TransactionSynchronization> registered = new ArrayList<>();
            assertThatCode(() -> context.getBean(TransactionTemplate.class)
                            .executeWithoutResult(status ->
                                    registered.addAll(TransactionSynchronizationManager.getSynchronizations())))
                    .doesNotThrowAnyException();
            assertThat(registered).isEmpty();
        });
    }

    @Test
    void aManagerIsToldOfTheCheckOnce() {
        run((context, stock) -> {
            JdbcTransactionManager manager = context.getBean(JdbcTransactionManager.class);
            assertThat(manager.getTransactionExecutionListeners())
                    .filteredOn(CommitCheck.class::isInstance)
                    .hasSize(1);
            new CommitCheckInstaller(() -> context.getBean(CommitCheck.class))
                    .postProcessAfterInitialization(manager, "again");
            assertThat(manager.getTransactionExecutionListeners())
                    .filteredOn(CommitCheck.class::isInstance)
                    .hasSize(1);
        });
    }
}

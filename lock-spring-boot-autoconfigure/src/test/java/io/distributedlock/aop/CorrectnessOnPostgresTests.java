package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.testkit.server.PostgresServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** What {@code guarantee = CORRECTNESS} does when a real database waits, refuses or goes away. */
class CorrectnessOnPostgresTests {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    private static final long LAST = (1L << 53) - 1;

    static class Stock {

        @Autowired
        JdbcTemplate jdbc;

        @Autowired
        Stock self;

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void sell() {
            jdbc.update("insert into sold values (1)");
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void sellInANewTransaction() {
            jdbc.update("insert into sold values (1)");
        }

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void sellAgainInANewTransaction() {
            self.sellInANewTransaction();
        }

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void sellWhileTheConnectionBreaks(boolean sellsMore) {
            jdbc.update("insert into sold values (1)");
            Integer backend = jdbc.queryForObject("select pg_backend_pid()", Integer.class);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> jdbc.queryForList(
                                    "select pg_terminate_backend(pid) from pg_stat_activity where pid = ?", backend)
                            .isEmpty());
            if (sellsMore) {
                jdbc.update("insert into sold values (2)");
            }
        }

        @Transactional
        @DistributedLock(
                name = {"b", "a"},
                guarantee = Guarantee.CORRECTNESS)
        public void moveFromBToA() {}

        @Transactional(isolation = Isolation.SERIALIZABLE)
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void sellSerializable() {
            jdbc.update("insert into sold values (1)");
        }
    }

    private static void run(BiConsumer<AssertableApplicationContext, Stock> test) {
        Locking.application(Stock.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        FencingJdbcAutoConfiguration.class))
                .withPropertyValues(
                        "lock.namespace=shop",
                        "lock.wait-time=20s",
                        "lock.fencing.jdbc.initialize-schema=always",
                        "spring.datasource.url=" + postgres.url())
                .withAllowCircularReferences(true)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    jdbc.execute("truncate lock_fence");
                    jdbc.execute("drop table if exists sold");
                    jdbc.execute("create table sold (id int)");
                    test.accept(context, context.getBean(Stock.class));
                    assertThat(context.getBean(LockManager.class).held()).isEmpty();
                });
    }

    private static int count(AssertableApplicationContext context, String table) {
        return context.getBean(JdbcTemplate.class).queryForObject("select count(*) from " + table, Integer.class);
    }

    private static FencingToken later(long number) {
        return new FencingToken("later", 0, number, "later");
    }

    private static void awaitOneThatWaits(AssertableApplicationContext context) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> context.getBean(JdbcTemplate.class)
                                .queryForObject(
                                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
                                        Integer.class)
                        == 1);
    }

    @Test
    void aNewTransactionThatWouldWaitForTheOneItIsCalledFromIsRefusedAtOnce() {
        run((context, stock) -> {
            long began = System.nanoTime();
            assertThatIllegalStateException()
                    .isThrownBy(stock::sellAgainInANewTransaction)
                    .withMessageContaining("is suspended");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(count(context, "sold")).isZero();
            assertThat(count(context, "lock_fence")).isZero();
            stock.sellInANewTransaction();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionThatBreaksLeavesNothingAndTheNextCallWorks(boolean beforeAStatement) {
        run((context, stock) -> {
            assertThatExceptionOfType(TransactionSystemException.class)
                    .isThrownBy(() -> stock.sellWhileTheConnectionBreaks(beforeAStatement))
                    .withStackTraceContaining("Connection is closed")
                    .satisfies(broken -> {
                        if (beforeAStatement) {
                            assertThat(broken.getOriginalException())
                                    .isInstanceOf(DataAccessResourceFailureException.class);
                        }
                    });
            assertThat(count(context, "sold")).isZero();
            assertThat(count(context, "lock_fence")).isZero();
            stock.sell();
            assertThat(count(context, "sold")).isOne();
        });
    }

    /** Whatever order a method names them in: two that wait for each other's mark would end by a deadlock. */
    @Test
    void whoeverWaitsForAMarkHasRaisedNoneOfALaterName() {
        run((context, stock) -> {
            Fence fence = context.getBean(Fence.class);
            CompletableFuture<Void> mover = context.getBean(TransactionTemplate.class)
                    .execute(status -> {
                        fence.enter("shop:a", later(1));
                        CompletableFuture<Void> call = CompletableFuture.runAsync(stock::moveFromBToA);
                        awaitOneThatWaits(context);
                        fence.enter("shop:b", later(1));
                        return call;
                    });
            mover.join();
            assertThat(count(context, "lock_fence")).isEqualTo(2);
        });
    }

    @Test
    void aSerializableTransactionThatWaitedInVainIsToTryAgainAndOneThatComesLateIsToldSo() {
        run((context, stock) -> {
            Fence fence = context.getBean(Fence.class);
            stock.sellSerializable();
            CompletableFuture<Void> seller = context.getBean(TransactionTemplate.class)
                    .execute(status -> {
                        fence.enter("shop:stock", later(LAST));
                        CompletableFuture<Void> call = CompletableFuture.runAsync(stock::sellSerializable);
                        awaitOneThatWaits(context);
                        return call;
                    });
            assertThatThrownBy(seller::join).hasCauseInstanceOf(PessimisticLockingFailureException.class);
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(stock::sellSerializable);
            assertThat(count(context, "sold")).isOne();
        });
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** With two databases the fence is in the primary one, and only its transactions are fenced. */
class CorrectnessWithTwoDatabasesTests {

    static class Stock {

        @Autowired
        DataSource database;

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public List<String> take() {
            return new JdbcTemplate(database).queryForList("select resource from lock_fence", String.class);
        }

        @Transactional("archiveTransactions")
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void takeFromTheArchive() {
            throw new AssertionError("was run");
        }

        @Transactional("shopTransactions")
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public List<String> takeFromTheShop() {
            return new JdbcTemplate(database).queryForList("select resource from lock_fence", String.class);
        }
    }

    static class Archive {

        @Autowired
        Stock stock;

        @Transactional("archiveTransactions")
        @DistributedLock("stock")
        public void archive() {
            stock.takeFromTheShop();
        }

        @Transactional("shopTransactions")
        @DistributedLock("stock")
        public List<String> sell() {
            return stock.takeFromTheShop();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Databases {

        private final String unique = UUID.randomUUID().toString();

        @Bean
        @Primary
        DataSource shop() {
            return new DriverManagerDataSource("jdbc:h2:mem:shop-%s;DB_CLOSE_DELAY=-1".formatted(unique));
        }

        @Bean
        DataSource archive() {
            return new DriverManagerDataSource("jdbc:h2:mem:archive-%s;DB_CLOSE_DELAY=-1".formatted(unique));
        }

        @Bean
        JdbcTransactionManager shopTransactions(@Qualifier("shop") DataSource shop) {
            return new JdbcTransactionManager(shop);
        }

        @Bean
        JdbcTransactionManager archiveTransactions(@Qualifier("archive") DataSource archive) {
            return new JdbcTransactionManager(archive);
        }
    }

    private static ApplicationContextRunner application(String primaryTransactions) {
        return Locking.application(Stock.class, Archive.class, Databases.class)
                .withConfiguration(
                        AutoConfigurations.of(TransactionAutoConfiguration.class, FencingJdbcAutoConfiguration.class))
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        beans -> beans.getBeanDefinition(primaryTransactions).setPrimary(true)))
                .withPropertyValues("lock.namespace=shop");
    }

    private static TransactionTemplate transaction(AssertableApplicationContext context, String manager) {
        return new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class));
    }

    @Test
    void theFenceIsInThePrimaryDatabaseAndInItsTransaction() {
        application("shopTransactions").run(context -> {
            Stock stock = context.getBean(Stock.class);
            assertThat(stock.take()).containsExactly("shop:stock");
            assertThatIllegalStateException()
                    .isThrownBy(stock::takeFromTheArchive)
                    .withMessageContaining("the method was not run")
                    .withMessageContaining("no transaction of the fence's DataSource is active")
                    .withMessageContaining("Use the transaction manager of that DataSource");
        });
    }

    @Test
    void aPrimaryTransactionManagerOfTheOtherDatabaseIsRefused() {
        application("archiveTransactions").run(context -> {
            Stock stock = context.getBean(Stock.class);
            assertThatIllegalStateException()
                    .isThrownBy(stock::take)
                    .withMessageContaining("no transaction of the fence's DataSource is active");
            assertThat(stock.takeFromTheShop()).containsExactly("shop:stock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"shopTransactions", "archiveTransactions"})
    void insideOfATransactionOfTheOtherItStillIsTheOwnOneThatCounts(String primary) {
        application(primary).run(context -> {
            Stock stock = context.getBean(Stock.class);
            assertThat(transaction(context, "archiveTransactions")
                            .<List<String>>execute(status -> stock.takeFromTheShop()))
                    .containsExactly("shop:stock");
            assertThatIllegalStateException()
                    .isThrownBy(() -> transaction(context, "shopTransactions")
                            .executeWithoutResult(status -> stock.takeFromTheArchive()))
                    .withMessageContaining("the method was not run");
        });
    }

    @Test
    void aTransactionOfAnotherManagerInBetweenDoesNotHideThatTheOwnOneIsOlder() {
        application("shopTransactions")
                .run(context -> assertThatIllegalStateException()
                        .isThrownBy(() -> transaction(context, "shopTransactions")
                                .executeWithoutResult(
                                        status -> context.getBean(Archive.class).archive()))
                        .withMessageContaining("its transaction began before it had lock 'stock'"));
    }

    @Test
    void insideOfAnOlderTransactionOfAnotherManagerTheOwnOneIsSeenToBeYounger() {
        application("shopTransactions")
                .run(context -> assertThat(transaction(context, "archiveTransactions")
                                .<List<String>>execute(
                                        status -> context.getBean(Archive.class).sell()))
                        .containsExactly("shop:stock"));
    }

    @Test
    void insideOfAnOlderTransactionOfAnotherManagerALossRollsBackTheOwnOne() {
        application("shopTransactions").run(context -> {
            JdbcTemplate archive = new JdbcTemplate(context.getBean("archive", DataSource.class));
            archive.execute("create table sold (id bigint)");
            transaction(context, "shopTransactions").executeWithoutResult(around -> {
                try (Lease lease = context.getBean(LockManager.class)
                        .acquire(LockRequest.of("stock").maxHoldTime(Duration.ofMillis(100)))) {
                    assertThatExceptionOfType(LockLostException.class)
                            .isThrownBy(() -> transaction(context, "archiveTransactions")
                                    .executeWithoutResult(own -> {
                                        archive.update("insert into sold values (1)");
                                        await().until(() -> !lease.isHeld());
                                    }));
                    lease.release();
                }
                assertThat(archive.queryForObject("select count(*) from sold", Long.class))
                        .isZero();
            });
        });
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.fencing.StaleTokenException;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The fence and JPA share a transaction and its connection. */
class CorrectnessWithJpaTests {

    @Entity(name = "Article")
    static class Article {

        @Id
        long id;

        int quantity;
    }

    static class Stock {

        @PersistenceContext
        EntityManager entities;

        @Autowired
        JdbcTemplate jdbc;

        @Autowired
        LockManager locks;

        @Transactional
        @DistributedLock(name = "stock:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public int sell(long id) {
            assertThat(jdbc.queryForObject(
                            "select token from lock_fence where resource = ?", Long.class, "shop:stock:" + id))
                    .isEqualTo(locks.current("stock:" + id).orElseThrow().fencingToken());
            Article article = entities.find(Article.class, id);
            article.quantity--;
            return article.quantity;
        }

        /** As it would be without the guarantee: the outer transaction has read already. */
        @Transactional
        @DistributedLock("stock:#{#id}")
        public int sellUnfenced(long id) {
            return --entities.find(Article.class, id).quantity;
        }

        @Transactional
        @DistributedLock(name = "stock:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public int sellRefreshed(long id) {
            Article article = entities.find(Article.class, id);
            entities.refresh(article);
            article.quantity--;
            return article.quantity;
        }

        public int quantity(long id) {
            return entities.find(Article.class, id).quantity;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = CorrectnessWithJpaTests.class)
    static class Entities {}

    private static void run(BiConsumer<AssertableApplicationContext, Stock> test) {
        Locking.application(Stock.class, Entities.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        FencingJdbcAutoConfiguration.class))
                .withPropertyValues(
                        "lock.namespace=shop",
                        "lock.wait-time=20s",
                        "spring.datasource.generate-unique-name=true",
                        "spring.jpa.hibernate.ddl-auto=create")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(PlatformTransactionManager.class))
                            .isInstanceOf(JpaTransactionManager.class);
                    context.getBean(JdbcTemplate.class).update("insert into Article (id, quantity) values (1, 10)");
                    test.accept(context, context.getBean(Stock.class));
                });
    }

    private static int quantity(AssertableApplicationContext context) {
        return context.getBean(JdbcTemplate.class)
                .queryForObject("select quantity from Article where id = 1", Integer.class);
    }

    @Test
    void theMarkIsRaisedInTheTransactionOfJpa() {
        run((context, stock) -> {
            assertThat(stock.sell(1)).isEqualTo(9);
            assertThat(stock.sell(1)).isEqualTo(8);
            assertThat(quantity(context)).isEqualTo(8);
        });
    }

    @Test
    void aStaleHolderWritesNothing() {
        run((context, stock) -> {
            context.getBean(JdbcTemplate.class)
                    .update(
                            "insert into lock_fence values ('shop:stock:1', 9007199254740991, 'later', current_timestamp)");
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> stock.sell(1));
            assertThat(quantity(context)).isEqualTo(10);
        });
    }

    @Test
    void anOuterTransactionThatHasReadIsRefusedForWithoutThatItWouldSellWhatAnotherHasSold() {
        run((context, stock) -> {
            TransactionTemplate outer = context.getBean(TransactionTemplate.class);

            assertThatIllegalStateException()
                    .isThrownBy(() -> outer.execute(status -> {
                        assertThat(stock.quantity(1)).isEqualTo(10);
                        CompletableFuture.runAsync(() -> stock.sell(1)).join();
                        return stock.sell(1);
                    }))
                    .withMessageContaining("its transaction began before it had lock 'stock:1'");
            assertThat(quantity(context)).isEqualTo(9);

            outer.executeWithoutResult(status -> {
                assertThat(stock.quantity(1)).isEqualTo(9);
                CompletableFuture.runAsync(() -> stock.sell(1)).join();
                stock.sellUnfenced(1);
            });
            assertThat(quantity(context))
                    .as("two of nine were sold, and one sale is lost")
                    .isEqualTo(8);
        });
    }

    @Test
    void anEntityThatAnOpenViewHasReadBeforeHasToBeRefreshedForWithoutThatASaleIsLost() {
        run((context, stock) -> {
            EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
            assertThat(quantityAfter(factory, context, stock, () -> stock.sellRefreshed(1)))
                    .as("two of ten were sold")
                    .isEqualTo(8);
            assertThat(quantityAfter(factory, context, stock, () -> stock.sell(1)))
                    .as("two of eight were sold, and one sale is lost")
                    .isEqualTo(7);
        });
    }

    /** A web request, as {@code spring.jpa.open-in-view} does it, that reads, comes second, and sells. */
    private static int quantityAfter(
            EntityManagerFactory factory, AssertableApplicationContext context, Stock stock, Runnable sale) {
        try (EntityManager view = factory.createEntityManager()) {
            TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
            try {
                stock.quantity(1);
                CompletableFuture.runAsync(() -> stock.sell(1)).join();
                sale.run();
            } finally {
                TransactionSynchronizationManager.unbindResource(factory);
            }
        }
        return quantity(context);
    }
}

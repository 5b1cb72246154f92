package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnLoss;
import io.r2dbc.h2.H2ConnectionFactory;
import io.r2dbc.h2.H2ConnectionOption;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Transactions of no thread, under locks of no thread. */
class ReactiveTransactionTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Database {

        @Bean
        ConnectionFactory connections() {
            return H2ConnectionFactory.inMemory(
                    UUID.randomUUID().toString(), "sa", "", Map.of(H2ConnectionOption.DB_CLOSE_DELAY, "-1"));
        }

        @Bean
        R2dbcTransactionManager transactions(ConnectionFactory connections) {
            return new R2dbcTransactionManager(connections);
        }

        @Bean
        DatabaseClient database(ConnectionFactory connections) {
            DatabaseClient client = DatabaseClient.create(connections);
            client.sql("create table sold (id bigint)").then().block(SOON);
            return client;
        }

        @Bean
        Heard heard() {
            return new Heard();
        }
    }

    static class Heard implements LockListener {

        final AtomicInteger lostAfterCommit = new AtomicInteger();

        @Override
        public void lostAfterCommit(LockRequest request, LockLostException lost) {
            lostAfterCommit.incrementAndGet();
        }
    }

    static class Shop {

        @Autowired
        DatabaseClient database;

        @Autowired
        LockManager locks;

        @Autowired
        ReactiveTransactionManager transactions;

        DatabaseClient database() {
            return database;
        }

        private Mono<Void> insert() {
            return database.sql("insert into sold values (1)").then();
        }

        private Mono<Void> insertAndLose() {
            return insert().then(Mono.fromRunnable(
                    () -> await().until(() -> locks.held().isEmpty())));
        }

        @Transactional
        @DistributedLock("order:1")
        public Mono<Void> sell() {
            return insert();
        }

        @Transactional
        @DistributedLock(value = "order:1", maxHoldTime = "200ms")
        public Mono<Void> sellTooSlowly() {
            return insertAndLose();
        }

        @Transactional
        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.IGNORE)
        public Mono<Void> sellCarelessly() {
            return insertAndLose();
        }

        @Transactional
        @DistributedLock(value = "order:1", maxHoldTime = "400ms")
        public Mono<Void> sellBriefly() {
            return insert();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms")
        public Mono<Void> sellByOperator() {
            return TransactionalOperator.create(transactions).transactional(insertAndLose());
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock("order:1")
        public Mono<Void> sellApart() {
            return insert();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "400ms")
        public Mono<Void> sellInOuter() {
            return insert();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "400ms", onLoss = OnLoss.IGNORE)
        public Mono<Void> sellCarelesslyInOuter() {
            return insert();
        }
    }

    static class Outer {

        @Autowired
        Shop shop;

        @Autowired
        LockManager locks;

        @Transactional
        public Mono<Integer> around(boolean apart) {
            return (apart ? shop.sellApart() : shop.sellInOuter())
                    .then(Mono.fromSupplier(() -> locks.held().size()));
        }

        @Transactional
        public Mono<Void> tooSlow() {
            return shop.sellInOuter()
                    .then(Mono.fromRunnable(
                            () -> await().until(() -> locks.held().isEmpty())));
        }

        @Transactional
        public Mono<Void> tooSlowWithoutMinding() {
            return shop.sellCarelesslyInOuter()
                    .then(Mono.fromRunnable(
                            () -> await().until(() -> locks.held().isEmpty())));
        }
    }

    private record Fixture(
            Shop shop, Outer outer, LockManager locks, Heard heard, R2dbcTransactionManager transactions) {

        long sold() {
            Long count = shop.database()
                    .sql("select count(*) from sold")
                    .map(row -> row.get(0, Long.class))
                    .one()
                    .block(SOON);
            return count == null ? -1 : count;
        }
    }

    private static void with(Consumer<Fixture> test) {
        Locking.application(Database.class, Shop.class, Outer.class)
                .run(context -> test.accept(new Fixture(
                        context.getBean(Shop.class),
                        context.getBean(Outer.class),
                        context.getBean(LockManager.class),
                        context.getBean(Heard.class),
                        context.getBean(R2dbcTransactionManager.class))));
    }

    @Test
    void theLockIsThereUntilTheTransactionHasCommitted() {
        with(at -> {
            AtomicInteger heldAtCommit = new AtomicInteger();
            at.transactions().addListener(new TransactionExecutionListener() {
                @Override
                public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
                    heldAtCommit.set(at.locks().held().size());
                }
            });
            StepVerifier.create(at.shop().sell()).expectComplete().verify(SOON);
            assertThat(heldAtCommit).hasValue(1);
            assertThat(at.locks().held()).isEmpty();
            assertThat(at.sold()).isEqualTo(1);
        });
    }

    @Test
    void aLossRollsBackWhatHasBegunUnderTheLock() {
        with(at -> {
            StepVerifier.create(at.shop().sellTooSlowly())
                    .expectError(LockLostException.class)
                    .verify(SOON);
            assertThat(at.sold()).isZero();
            StepVerifier.create(at.shop().sellByOperator())
                    .expectError(LockLostException.class)
                    .verify(SOON);
            assertThat(at.sold()).isZero();
        });
    }

    @Test
    void aLossThatIsIgnoredDoesNotRollBack() {
        with(at -> {
            StepVerifier.create(at.shop().sellCarelessly()).expectComplete().verify(SOON);
            assertThat(at.sold()).isEqualTo(1);
        });
    }

    @Test
    void aLossAfterTheCommitIsReportedAndNotThrown() {
        with(at -> {
            at.transactions().addListener(new TransactionExecutionListener() {
                @Override
                public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
                    await().until(() -> at.locks().held().isEmpty());
                }
            });
            StepVerifier.create(at.shop().sellBriefly()).expectComplete().verify(SOON);
            assertThat(at.heard().lostAfterCommit).hasValue(1);
            assertThat(at.sold()).isEqualTo(1);
        });
    }

    @Test
    void insideOfATransactionTheLockIsKeptUntilThatHasCompleted() {
        with(at -> {
            StepVerifier.create(at.outer().around(false))
                    .expectNext(1)
                    .expectComplete()
                    .verify(SOON);
            await().untilAsserted(() -> assertThat(at.locks().held()).isEmpty());
            assertThat(at.sold()).isEqualTo(1);
        });
    }

    @Test
    void aTransactionOfItsOwnDoesNotKeepTheLock() {
        with(at -> StepVerifier.create(at.outer().around(true))
                .expectNext(0)
                .expectComplete()
                .verify(SOON));
    }

    @Test
    void aLossRollsBackTheTransactionAround() {
        with(at -> {
            StepVerifier.create(at.outer().tooSlow())
                    .expectError(LockLostException.class)
                    .verify(SOON);
            assertThat(at.sold()).isZero();
        });
    }

    @Test
    void aLossThatIsIgnoredDoesNotRollBackTheTransactionAround() {
        with(at -> {
            StepVerifier.create(at.outer().tooSlowWithoutMinding())
                    .expectComplete()
                    .verify(SOON);
            assertThat(at.sold()).isEqualTo(1);
        });
    }
}

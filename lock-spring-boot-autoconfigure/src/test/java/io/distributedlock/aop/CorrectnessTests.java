package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.StaleTokenException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code guarantee = CORRECTNESS}: the fence is entered as the first thing in the transaction, or the method is not run. */
class CorrectnessTests {

    static class Stock {

        @Autowired
        LockManager locks;

        @Autowired
        JdbcTemplate jdbc;

        @Autowired
        Fence fence;

        /** So that its proxy is made early. */
        @Autowired
        Stock self;

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public String take() {
            Lease lease = locks.current("stock").orElseThrow();
            assertThat(jdbc.queryForList("select token from lock_fence where resource = 'shop:stock'", Long.class))
                    .containsExactly(lease.fencingToken());
            jdbc.update("insert into sold values (1)");
            return "taken";
        }

        @Transactional
        @DistributedLock(
                name = {"two", "one"},
                guarantee = Guarantee.CORRECTNESS)
        public List<String> takeTwo() {
            return jdbc.queryForList("select resource from lock_fence order by resource", String.class);
        }

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS, maxHoldTime = "100ms")
        public String loseAfterTheCommit() {
            jdbc.update("insert into sold values (1)");
            Lease lease = locks.current("stock").orElseThrow();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    await().atMost(Duration.ofSeconds(20)).until(() -> !lease.isHeld());
                }
            });
            return "taken";
        }

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public String takeAgainInside() {
            return self.take();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public String takeInANewTransaction() {
            return "taken";
        }

        @Transactional(propagation = Propagation.NESTED)
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public String takeInANestedTransaction() {
            return "taken";
        }

        @Transactional
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public String takeAgainInANewTransaction() {
            return self.takeInANewTransaction();
        }

        @Transactional("other")
        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS)
        public void takeInAnotherDatabase() {
            throw new AssertionError("was run");
        }

        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public String fenceByHand() {
            fence.enter("my-stock", locks.current("stock").orElseThrow());
            return "taken";
        }

        @DistributedLock(name = "stock", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public String forgetTheFence() {
            return "taken";
        }
    }

    static class Losses implements LockListener {

        final List<String> afterCommit = new CopyOnWriteArrayList<>();

        @Override
        public void lostAfterCommit(LockRequest request, LockLostException loss) {
            afterCommit.add(request.name() + " " + loss.reason());
        }
    }

    /** The last order there is, as it has by default: inside of transactions, if it was registered later. */
    @Aspect
    static class Around_ {

        @Around("execution(* io.distributedlock.aop.CorrectnessTests.Stock.take())")
        public Object around(ProceedingJoinPoint call) throws Throwable {
            return call.proceed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherDatabase {

        @Bean
        JdbcTransactionManager transactionManager(DataSource source) {
            return new JdbcTransactionManager(source);
        }

        @Bean(defaultCandidate = false)
        JdbcTransactionManager other() {
            return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:other"));
        }
    }

    /** Needs the bean before most others are made. */
    @Configuration(proxyBeanMethods = false)
    static class Early {

        @Bean
        static BeanPostProcessor early(Stock stock) {
            assertThat(stock).isNotNull();
            return new BeanPostProcessor() {};
        }
    }

    private static final ApplicationContextRunner APPLICATION = Locking.application(
                    Stock.class, Losses.class, Around_.class)
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class))
            .withPropertyValues("lock.namespace=shop", "spring.datasource.generate-unique-name=true")
            .withAllowCircularReferences(true);

    private static void run(BiConsumer<AssertableApplicationContext, Stock> test) {
        run(APPLICATION, test);
    }

    private static void run(
            ApplicationContextRunner application, BiConsumer<AssertableApplicationContext, Stock> test) {
        application.run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(JdbcTemplate.class).execute("create table sold (id int)");
            test.accept(context, context.getBean(Stock.class));
        });
    }

    private static List<Integer> sold(AssertableApplicationContext context) {
        return context.getBean(JdbcTemplate.class).queryForList("select id from sold", Integer.class);
    }

    private static void laterHolderEnters(AssertableApplicationContext context, String resource) {
        context.getBean(JdbcTemplate.class)
                .update("insert into lock_fence values (?, 9007199254740991, 'later', current_timestamp)", resource);
    }

    @Test
    void theMarkIsRaisedBeforeTheMethodRuns() {
        run((context, stock) -> {
            assertThat(stock.take()).isEqualTo("taken");
            assertThat(stock.take()).isEqualTo("taken");
            assertThat(sold(context)).hasSize(2);
        });
    }

    @Test
    void alsoForABeanThatIsMadeBeforeMostOthers() {
        run(APPLICATION.withUserConfiguration(Early.class), (context, stock) -> {
            assertThat(stock.take()).isEqualTo("taken");
            laterHolderEnters(context, "shop:two");
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(stock::takeTwo);
        });
    }

    @Test
    void aProxyWithoutTheFenceDoesNotRunTheMethod() {
        run((context, stock) -> {
            ProxyFactory unfenced = new ProxyFactory(AopProxyUtils.getSingletonTarget(stock));
            unfenced.addAdvice(context.getBean(LockInterceptor.class));
            assertThatIllegalStateException()
                    .isThrownBy(((Stock) unfenced.getProxy())::take)
                    .withMessageContaining("the method was not run: no fence is entered for this bean");
            assertThat(sold(context)).isEmpty();
        });
    }

    @Test
    void aHolderThatIsNotTheLastIsRefusedAndTheMethodIsNotRun() {
        run((context, stock) -> {
            laterHolderEnters(context, "shop:stock");
            assertThatExceptionOfType(StaleTokenException.class)
                    .isThrownBy(stock::take)
                    .satisfies(stale -> {
                        assertThat(stale.resource()).isEqualTo("shop:stock");
                        assertThat(stale.lockName()).isEqualTo("stock");
                    });
            assertThat(sold(context)).isEmpty();
        });
    }

    @Test
    void aLossAfterTheCommitIsToldAndNotThrown() {
        run((context, stock) -> {
            assertThat(stock.loseAfterTheCommit()).isEqualTo("taken");
            assertThat(sold(context)).hasSize(1);
            assertThat(context.getBean(Losses.class).afterCommit).containsExactly("stock MAX_HOLD_TIME");
        });
    }

    @Test
    void eachLockOfAMethodHasAMark() {
        run((context, stock) -> {
            assertThat(stock.takeTwo()).containsExactly("shop:one", "shop:two");
            laterHolderEnters(context, "shop:three");
            context.getBean(JdbcTemplate.class)
                    .update(
                            "update lock_fence set token = 9007199254740991, holder = 'later' where resource = 'shop:two'");
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(stock::takeTwo);
        });
    }

    @Test
    void aCallInsideOfACallEntersAgainWithTheSameLease() {
        run((context, stock) -> {
            assertThat(stock.takeAgainInside()).isEqualTo("taken");
            assertThat(sold(context)).hasSize(1);
        });
    }

    @Test
    void aNewTransactionThatWouldWaitForTheOneItIsCalledFromIsRefusedAtOnce() {
        run((context, stock) -> {
            assertThatIllegalStateException()
                    .isThrownBy(stock::takeAgainInANewTransaction)
                    .withMessageContaining("is suspended");
            assertThat(stock.takeInANewTransaction()).isEqualTo("taken");
        });
    }

    @Test
    void aTransactionThatBeganBeforeTheLockIsRefused() {
        run((context, stock) -> {
            TransactionTemplate outer = context.getBean(TransactionTemplate.class);
            assertThatIllegalStateException()
                    .isThrownBy(() -> outer.execute(status -> stock.take()))
                    .withMessageContaining("the method was not run")
                    .withMessageContaining("its transaction began before it had lock 'stock'")
                    .withMessageContaining("REQUIRES_NEW");
            assertThat(sold(context)).isEmpty();
            assertThat(outer.<String>execute(status -> stock.takeInANewTransaction()))
                    .isEqualTo("taken");
        });
    }

    @Test
    void aSavepointInATransactionThatBeganBeforeTheLockIsRefused() {
        run((context, stock) -> {
            TransactionTemplate outer = context.getBean(TransactionTemplate.class);
            assertThatIllegalStateException()
                    .isThrownBy(() -> outer.execute(status -> stock.takeInANestedTransaction()))
                    .withMessageContaining("its transaction began before it had lock 'stock'");
            assertThat(stock.takeInANestedTransaction()).isEqualTo("taken");
        });
    }

    @Test
    void aTransactionOfAnotherDatabaseIsRefused() {
        run(APPLICATION.withUserConfiguration(OtherDatabase.class), (context, stock) -> {
            assertThatIllegalStateException()
                    .isThrownBy(stock::takeInAnotherDatabase)
                    .withMessageContaining("no transaction of the fence's DataSource is active");
            assertThat(stock.take()).isEqualTo("taken");
        });
    }

    @Test
    void theMethodMayEnterAFenceByItselfButMustNotForgetTo() {
        run((context, stock) -> {
            assertThat(stock.fenceByHand()).isEqualTo("taken");
            assertThatIllegalStateException()
                    .isThrownBy(stock::forgetTheFence)
                    .withMessageContaining("has entered no fence with its lease of lock 'stock'");
            laterHolderEnters(context, "shop:other");
            context.getBean(JdbcTemplate.class)
                    .update(
                            "update lock_fence set token = 9007199254740991, holder = 'later' where resource = 'my-stock'");
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(stock::fenceByHand);
        });
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableAspectJAutoProxy;
import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.annotation.Transactional;

/** In which order a lock, a transaction, a fence, the body and other advice begin and end. */
class MethodOrderTests {

    /** What happened, in its order. */
    static class Trace implements LockListener, TransactionExecutionListener, Fence {

        final List<String> steps = new CopyOnWriteArrayList<>();

        @Override
        public void acquired(LeaseInfo lease, Duration waited) {
            steps.add("lock");
        }

        @Override
        public void released(LeaseInfo lease, Duration held, ReleaseOutcome outcome) {
            steps.add("unlock");
        }

        @Override
        public void beforeBegin(TransactionExecution transaction) {
            steps.add("begin");
        }

        @Override
        public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
            steps.add("commit");
        }

        @Override
        public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
            steps.add("rollback");
        }

        @Override
        public void enter(String resource, FencingToken token) {
            steps.add("fence");
        }

        @Override
        public boolean joinsTransaction() {
            return true;
        }
    }

    static class Work {

        @Autowired
        Trace trace;

        private boolean failed;

        @Transactional
        @DistributedLock("a")
        public void transactional() {
            trace.steps.add("body");
        }

        @Transactional
        @DistributedLock("a")
        public void failing() {
            trace.steps.add("body");
            throw new IllegalStateException("business");
        }

        @Transactional
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void correct() {
            trace.steps.add("body");
        }

        @Cacheable("cache")
        @DistributedLock("a")
        public String cached() {
            trace.steps.add("body");
            return "value";
        }

        @Retryable(maxRetries = 1, delay = 1)
        @Transactional
        @DistributedLock("a")
        public void retried() {
            trace.steps.add("body");
            if (!failed) {
                failed = true;
                throw new IllegalStateException("the first time");
            }
        }

        @ConcurrencyLimit(1)
        @DistributedLock(name = "a", waitTime = "20s")
        public void limited() {
            trace.steps.add("body");
        }

        @Async
        @DistributedLock("a")
        public void asynchronous() {
            trace.steps.add("body in " + (Thread.currentThread() == caller ? "the caller" : "another thread"));
        }

        volatile @Nullable Thread caller;

        public void callAsynchronous() {
            caller = Thread.currentThread();
        }

        @PreAuthorize("hasRole('CLERK')")
        @Transactional
        @DistributedLock("a")
        public void permitted() {
            trace.steps.add("body");
        }

        @Observed
        @Transactional
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void observed() {
            trace.steps.add("body");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Observed {}

    @Aspect
    static class Observing {

        @Autowired
        Trace trace;

        @Around("@annotation(io.distributedlock.aop.MethodOrderTests.Observed)")
        public Object observe(ProceedingJoinPoint call) throws Throwable {
            trace.steps.add("aspect begins");
            try {
                return call.proceed();
            } finally {
                trace.steps.add("aspect ends");
            }
        }
    }

    static class Schedule {

        @Autowired
        Trace trace;

        @Scheduled(fixedDelay = Long.MAX_VALUE)
        @DistributedLock(name = "scheduled", minHoldTime = "1ms")
        public void run() {
            trace.steps.add("scheduled body");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @EnableAsync
    @EnableResilientMethods
    @EnableMethodSecurity
    @EnableAspectJAutoProxy
    static class Advice {

        @Bean
        ConcurrentMapCacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduling {}

    private static ApplicationContextRunner application(String property, Class<?>... more) {
        return Locking.application(Work.class, Trace.class, Observing.class, Advice.class)
                .withUserConfiguration(more)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        TransactionManagerCustomizationAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withPropertyValues("spring.datasource.generate-unique-name=true", property);
    }

    private static void run(String property, BiConsumer<Work, Trace> test, Class<?>... more) {
        application(property, more)
                .run(context -> test.accept(context.getBean(Work.class), context.getBean(Trace.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsOutsideOfTheTransaction(String property) {
        run(property, (work, trace) -> {
            work.transactional();
            assertThat(trace.steps).containsExactly("lock", "begin", "body", "commit", "unlock");
        });
        run(property, (work, trace) -> {
            assertThatIllegalStateException().isThrownBy(work::failing);
            assertThat(trace.steps).containsExactly("lock", "begin", "body", "rollback", "unlock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theFenceIsTheFirstThingInTheTransaction(String property) {
        run(property, (work, trace) -> {
            work.correct();
            assertThat(trace.steps).containsExactly("lock", "begin", "fence", "body", "commit", "unlock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theFenceIsBehindAnAspectThatHasNoOrder(String property) {
        run(property, (work, trace) -> {
            work.observed();
            assertThat(trace.steps).startsWith("lock").endsWith("unlock").containsSubsequence("begin", "fence", "body");
            assertThat(trace.steps.indexOf("fence")).isEqualTo(trace.steps.indexOf("body") - 1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsOutsideOfTheCache(String property) {
        run(property, (work, trace) -> {
            work.cached();
            work.cached();
            assertThat(trace.steps).containsExactly("lock", "body", "unlock", "lock", "unlock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsInsideOfRetries(String property) {
        run(property, (work, trace) -> {
            work.retried();
            assertThat(trace.steps)
                    .containsExactly(
                            "lock", "begin", "body", "rollback", "unlock", "lock", "begin", "body", "commit", "unlock");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsInsideOfAConcurrencyLimit(String property) {
        application(property).run(context -> {
            LockManager locks = context.getBean(LockManager.class);
            Work work = context.getBean(Work.class);
            var other = locks.acquireAsync(LockRequest.of("a")).join();
            CompletableFuture<Void> first = CompletableFuture.runAsync(work::limited);
            CompletableFuture<Void> second = CompletableFuture.runAsync(work::limited);
            // The one that the limit keeps out does not wait for the lock as well.
            await().until(() -> locks.waiting().getOrDefault("a", 0) == 1);
            await().during(Duration.ofMillis(200)).until(() -> locks.waiting().getOrDefault("a", 0) == 1);
            other.close();
            CompletableFuture.allOf(first, second).join();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsInsideOfMethodSecurity(String property) {
        run(property, (work, trace) -> {
            as(
                    "GUEST",
                    () -> assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(work::permitted));
            assertThat(trace.steps).as("a call that is denied takes no lock").isEmpty();

            as("CLERK", work::permitted);
            assertThat(trace.steps).containsExactly("lock", "begin", "body", "commit", "unlock");
        });
    }

    private static void as(String role, Runnable work) {
        TestingAuthenticationToken user = new TestingAuthenticationToken("user", "password", "ROLE_" + role);
        DelegatingSecurityContextRunnable.create(work, new SecurityContextImpl(user))
                .run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsTakenInTheThreadOfAnAsynchronousMethod(String property) {
        run(property, (work, trace) -> {
            work.callAsynchronous();
            work.asynchronous();
            await().untilAsserted(
                            () -> assertThat(trace.steps).containsExactly("lock", "body in another thread", "unlock"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.aop.auto=true", "spring.aop.auto=false"})
    void theLockIsAroundAScheduledMethod(String property) {
        run(
                property,
                (work, trace) -> await().untilAsserted(
                                () -> assertThat(trace.steps).startsWith("lock", "scheduled body", "unlock")),
                Schedule.class,
                Scheduling.class);
    }
}

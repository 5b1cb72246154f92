package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Methods for which {@code guarantee = CORRECTNESS} could not be kept end the start. */
class CorrectnessRefusalTests {

    static class WithoutTransaction {
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Supports {
        @Transactional(propagation = Propagation.SUPPORTS)
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Mandatory {
        @Transactional(propagation = Propagation.MANDATORY)
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class ReadsOnly {
        @Transactional(readOnly = true)
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Correct {
        @Transactional
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 0)
    static class TransactionsOutside {}

    private static final ApplicationContextRunner DATABASE = Locking.application()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");

    private static final ApplicationContextRunner TRANSACTIONS =
            DATABASE.withConfiguration(AutoConfigurations.of(TransactionAutoConfiguration.class));

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(TRANSACTIONS, WithoutTransaction.class, "needs a transaction to enter the fence in"),
                Arguments.of(TRANSACTIONS, Supports.class, "with its propagation none does"),
                Arguments.of(TRANSACTIONS, Mandatory.class, "with its propagation none does"),
                Arguments.of(TRANSACTIONS, ReadsOnly.class, "which a read-only transaction cannot"),
                Arguments.of(
                        TRANSACTIONS.withUserConfiguration(TransactionsOutside.class),
                        Correct.class,
                        "the advice of transactions stands before it"),
                Arguments.of(
                        DATABASE.withBean(
                                org.springframework.transaction.annotation.AnnotationTransactionAttributeSource.class),
                        Correct.class,
                        "this bean has no transactional proxy"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void endTheStart(ApplicationContextRunner application, Class<?> bean, String problem) {
        application.withUserConfiguration(bean).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new InvalidLockFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains(bean.getName(), problem);
            assertThat(analysis.getAction()).isNotBlank();
        });
    }

    @Test
    void theSameMethodStartsWhereItCanBeKept() {
        TRANSACTIONS.withUserConfiguration(Correct.class).run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(Correct.class).run();
        });
    }
}

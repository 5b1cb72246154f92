package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.fencing.jdbc.JdbcFence;
import java.util.stream.Stream;
import javax.sql.DataSource;
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
import org.springframework.context.annotation.Bean;
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

    static class NotSupported {
        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Never {
        @Transactional(propagation = Propagation.NEVER)
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

    @Configuration(proxyBeanMethods = false)
    static class TwoFences {

        @Bean
        JdbcFence ledger(DataSource source) {
            return JdbcFence.builder(source).table("ledger_fence").build();
        }

        @Bean
        JdbcFence stock(DataSource source) {
            return JdbcFence.builder(source).table("stock_fence").build();
        }
    }

    private static final ApplicationContextRunner WITHOUT_FENCE = Locking.application()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");

    private static final ApplicationContextRunner TRANSACTIONS =
            WITHOUT_FENCE.withConfiguration(AutoConfigurations.of(FencingJdbcAutoConfiguration.class));

    private static final ApplicationContextRunner DATABASE = Locking.application()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(TRANSACTIONS, WithoutTransaction.class, "needs a transaction to enter the fence in"),
                Arguments.of(TRANSACTIONS, Supports.class, "with its propagation none does"),
                Arguments.of(TRANSACTIONS, Mandatory.class, "with its propagation none does"),
                Arguments.of(TRANSACTIONS, NotSupported.class, "with its propagation none does"),
                Arguments.of(TRANSACTIONS, Never.class, "with its propagation none does"),
                Arguments.of(
                        WITHOUT_FENCE,
                        Correct.class,
                        "guarantee = CORRECTNESS needs a Fence, and there is no bean of that type"),
                Arguments.of(
                        TRANSACTIONS.withUserConfiguration(TwoFences.class),
                        Correct.class,
                        "there are several beans of that type: [ledger, stock]"),
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
    void aLazyBeanIsRefusedWhenItIsMade() {
        TRANSACTIONS
                .withUserConfiguration(TwoFences.class)
                .withBean(Correct.class, Correct::new, definition -> definition.setLazyInit(true))
                .run(context -> assertThatThrownBy(() -> context.getBean(Correct.class))
                        .hasStackTraceContaining("Mark one of them as @Primary, or set fencing = MANUAL"));
    }

    @Test
    void ofSeveralFencesThePrimaryOneIsEntered() {
        TRANSACTIONS
                .withUserConfiguration(TwoFences.class, Correct.class)
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        beans -> beans.getBeanDefinition("stock").setPrimary(true)))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatIllegalStateException()
                            .isThrownBy(context.getBean(Correct.class)::run)
                            .withMessageContaining("There is no table 'stock_fence'");
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

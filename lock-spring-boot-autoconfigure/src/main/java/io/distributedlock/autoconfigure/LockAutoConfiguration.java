package io.distributedlock.autoconfigure;

import io.distributedlock.Lease;
import io.distributedlock.LockListener;
import io.distributedlock.LockManager;
import io.distributedlock.aop.CallThreads;
import io.distributedlock.aop.CommitCheck;
import io.distributedlock.aop.CommitCheckInstaller;
import io.distributedlock.aop.FenceAppender;
import io.distributedlock.aop.FenceInterceptor;
import io.distributedlock.aop.LockInterceptor;
import io.distributedlock.aop.LockManagers;
import io.distributedlock.aop.LockPointcut;
import io.distributedlock.aop.LockedMethods;
import io.distributedlock.aop.SurroundingTransaction;
import io.distributedlock.aop.UnlockedBeans;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.Fence;
import io.distributedlock.observe.CarriedContext;
import io.distributedlock.observe.LeaseEvents;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.springframework.aop.support.DefaultBeanFactoryPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/** The lock manager over the backend there is, and the proxies that lock annotated methods. */
@AutoConfiguration(after = AopAutoConfiguration.class)
@EnableConfigurationProperties(LockProperties.class)
public final class LockAutoConfiguration {

    private static final String MANAGER = "distributedLockManager";

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockEnvironmentCheck distributedLockEnvironmentCheck(Environment environment) {
        return new LockEnvironmentCheck(environment);
    }

    /** Steps back for a manager of the application's own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(LockManager.class)
    static class ManagerConfiguration {

        @Bean(MANAGER)
        LockEngine distributedLockManager(
                ObjectProvider<LockBackend> backend,
                ObjectProvider<LockListener> listeners,
                ObjectProvider<SurroundingTransaction> transaction,
                LockProperties properties,
                Environment environment) {
            LockEngine.Builder builder = LockEngine.builder(backend.getIfAvailable(() -> noBackend(properties)))
                    .application(environment.getProperty("spring.application.name", "application"))
                    .instance(InstanceName.ofThisJvm())
                    .waitTime(properties.waitTime())
                    .leaseTime(properties.leaseTime())
                    .maxHoldTime(properties.maxHoldTime())
                    .lockDelay(properties.lockDelay())
                    .localHandOffs(properties.localHandOffs())
                    .localHandOffTime(properties.localHandOffTime())
                    .release(properties.release())
                    .shutdownTimeout(properties.shutdownTimeout());
            listeners.orderedStream().forEach(builder::listener);
            Predicate<Lease> closeHook = transaction.getIfAvailable();
            return (closeHook == null ? builder : builder.closeHook(closeHook)).build();
        }

        @Bean
        LeaseEvents distributedLockEvents(ApplicationEventPublisher publisher) {
            return new LeaseEvents(publisher);
        }

        @Bean
        LockShutdown distributedLockShutdown(LockEngine distributedLockManager) {
            return new LockShutdown(distributedLockManager);
        }

        @Bean
        @ConditionalOnBean(LockBackend.class)
        StoreGreeting distributedLockStoreGreeting(LockBackend backend) {
            return new StoreGreeting(backend);
        }

        private static LockBackend noBackend(LockProperties properties) {
            String library = switch (properties.backend()) {
                case REDIS -> "io.lettuce:lettuce-core";
                case ZOOKEEPER -> "org.apache.curator:curator-recipes";
                case MEMORY -> "io.distributedlock:lock-core";
            };
            String backend = properties.backend().name().toLowerCase(Locale.ROOT);
            throw new InvalidLockConfigurationException(
                    "lock.backend=%s needs %s on the classpath".formatted(backend, library),
                    "Add %s to the application, or set lock.backend to one of redis, zookeeper, memory"
                            .formatted(library));
        }
    }

    /** All static and of the infrastructure's role: proxies are made while other beans are still being prepared. */
    @Configuration(proxyBeanMethods = false)
    @Import(LockProxyRegistrar.class)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static class ProxyConfiguration {

        private static final String INTERCEPTOR = "distributedLockInterceptor";

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static LockManagers distributedLockManagers(
                ConfigurableListableBeanFactory beanFactory, Environment environment) {
            return new LockManagers(
                    beanFactory,
                    Binder.get(environment)
                            .bind("lock.max-hold-time", Duration.class)
                            .map(time -> Map.of(MANAGER, time))
                            .orElse(Map.of()));
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static LockedMethods distributedLockedMethods(
                ConfigurableListableBeanFactory beanFactory, LockManagers managers) {
            return new LockedMethods(beanFactory, managers);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static UnlockedBeans distributedLockUnlockedBeans(
                ConfigurableListableBeanFactory beanFactory, LockedMethods methods) {
            return new UnlockedBeans(beanFactory, methods);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CallThreads distributedLockCallThreads() {
            return new CallThreads();
        }

        @Bean(INTERCEPTOR)
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static LockInterceptor distributedLockInterceptor(
                LockedMethods methods,
                LockManagers managers,
                ObjectProvider<SurroundingTransaction> transaction,
                ObjectProvider<LockListener> listeners,
                CallThreads threads) {
            boolean propagates = ClassUtils.isPresent(
                    "io.micrometer.context.ContextSnapshot", LockAutoConfiguration.class.getClassLoader());
            return new LockInterceptor(
                    methods,
                    managers,
                    transaction.getIfAvailable(),
                    listeners,
                    threads,
                    propagates ? CarriedContext::around : UnaryOperator.identity());
        }

        /** As the time above, the order is read from the environment: the properties would be made before their time. */
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static DefaultBeanFactoryPointcutAdvisor distributedLockAdvisor(
                LockedMethods methods, Environment environment) {
            DefaultBeanFactoryPointcutAdvisor advisor = new DefaultBeanFactoryPointcutAdvisor();
            advisor.setPointcut(new LockPointcut(methods));
            advisor.setAdviceBeanName(INTERCEPTOR);
            advisor.setOrder(Binder.get(environment)
                    .bind("lock.advisor-order", Integer.class)
                    .orElse(LockProperties.DEFAULT_ADVISOR_ORDER));
            return advisor;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionAttributeSource.class)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static class TransactionConfiguration {

        /** As Spring Boot names it. */
        private static final String OPEN_VIEW = "openEntityManagerInViewInterceptor";

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static SurroundingTransaction distributedLockTransaction(
                ObjectProvider<TransactionAttributeSource> attributes) {
            return new SurroundingTransaction(attributes);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CommitCheck distributedLockCommitCheck(ObjectProvider<LockManager> managers) {
            return new CommitCheck(managers);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static FenceAppender distributedLockFenceAppender(
                LockedMethods methods,
                SurroundingTransaction transactions,
                CommitCheck commits,
                ConfigurableListableBeanFactory beanFactory,
                Environment environment) {
            ObjectProvider<Fence> fence = beanFactory.getBeanProvider(Fence.class);
            return new FenceAppender(
                    methods,
                    transactions,
                    new FenceInterceptor(
                            methods,
                            commits,
                            fence,
                            SingletonSupplier.of(
                                    () -> LockNamespace.of(beanFactory.getBean(LockProperties.class), environment))),
                    fence,
                    () -> beanFactory.containsBean(OPEN_VIEW));
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CommitCheckInstaller distributedLockCommitCheckInstaller(ObjectProvider<CommitCheck> check) {
            return new CommitCheckInstaller(check::getObject);
        }
    }
}

package io.distributedlock.autoconfigure;

import io.distributedlock.actuate.LockHealthIndicator;
import io.distributedlock.spi.LockBackend;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health of the stores that keep the locks, under the name {@code lock}. */
@AutoConfiguration(
        after = LockAutoConfiguration.class,
        beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(LockBackend.class)
@ConditionalOnEnabledHealthIndicator("lock")
public final class LockHealthContributorAutoConfiguration {

    private static final String CONTRIBUTOR = "lockHealthContributor";

    /** Not UP: nothing keeps other instances out. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "lock.enabled", havingValue = "false")
    static class SwitchedOff {

        @Bean(CONTRIBUTOR)
        @ConditionalOnMissingBean(name = {"lockHealthIndicator", CONTRIBUTOR})
        HealthIndicator distributedLockHealthContributor() {
            return () -> Health.unknown()
                    .withDetail("reason", "lock.enabled=false: locks do not keep other instances out")
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "lock.enabled", matchIfMissing = true)
    static class SwitchedOn extends CompositeHealthContributorConfiguration<LockHealthIndicator, LockBackend> {

        SwitchedOn() {
            super(LockHealthIndicator::new);
        }

        @Bean(CONTRIBUTOR)
        @ConditionalOnMissingBean(name = {"lockHealthIndicator", CONTRIBUTOR})
        HealthContributor distributedLockHealthContributor(ConfigurableListableBeanFactory beanFactory) {
            return createContributor(beanFactory, LockBackend.class);
        }
    }
}

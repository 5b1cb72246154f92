package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.observe.LockMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters of the locks. */
@AutoConfiguration(
        after = LockAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({LockManager.class, MeterRegistry.class})
public final class LockMetricsAutoConfiguration {

    /** Asks for both late: the manager is made with its listeners, and making the registry runs code of others. */
    @Bean
    @ConditionalOnMissingBean
    LockMetrics distributedLockMetrics(ObjectProvider<MeterRegistry> registry, ObjectProvider<LockManager> managers) {
        return new LockMetrics(registry::getObject, managers::stream);
    }
}

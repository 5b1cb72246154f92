package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.actuate.ForcedRelease;
import io.distributedlock.actuate.LocksEndpoint;
import io.distributedlock.fencing.Fence;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** The endpoint {@code locks}. */
@AutoConfiguration(after = LockAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(LockManager.class)
@ConditionalOnAvailableEndpoint(LocksEndpoint.class)
public final class LocksEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LocksEndpoint locksEndpoint(
            Map<String, LockManager> managers,
            ObjectProvider<Fence> fence,
            LockProperties properties,
            Environment environment) {
        return new LocksEndpoint(
                managers,
                new ForcedRelease(
                        SingletonSupplier.of(() -> LockNamespace.of(properties, environment)), fence::getIfUnique));
    }
}

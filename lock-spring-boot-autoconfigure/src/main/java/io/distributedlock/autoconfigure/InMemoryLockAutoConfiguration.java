package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Locks in this JVM: asked for, or in place of a store that is switched off. */
@AutoConfiguration(before = LockAutoConfiguration.class)
public final class InMemoryLockAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "lock.enabled", havingValue = "false")
    static class SwitchedOff {

        /** Primary: it stands in for a store that the application defines itself, as well. */
        @Bean
        @Primary
        InMemoryLockBackend distributedLockBackend() {
            LoggerFactory.getLogger(InMemoryLockAutoConfiguration.class)
                    .warn("lock.enabled=false: locks live in this JVM only, and do not keep other instances out");
            return new InMemoryLockBackend();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "lock.enabled", matchIfMissing = true)
    @ConditionalOnProperty(name = "lock.backend", havingValue = "memory")
    static class AskedFor {

        @Bean
        @ConditionalOnMissingBean({LockBackend.class, LockManager.class})
        InMemoryLockBackend distributedLockBackend() {
            return new InMemoryLockBackend();
        }
    }
}

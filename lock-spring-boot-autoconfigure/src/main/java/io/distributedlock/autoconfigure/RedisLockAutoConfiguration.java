package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.redis.RedisLockBackend;
import io.distributedlock.spi.LockBackend;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Locks in Redis: at an address of their own, or by the application's client. */
@AutoConfiguration(
        before = LockAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(RedisClient.class)
@ConditionalOnProperty(name = "lock.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "lock.backend", havingValue = "redis", matchIfMissing = true)
@ConditionalOnMissingBean({LockBackend.class, LockManager.class})
@ImportRuntimeHints(RedisLockAutoConfiguration.Scripts.class)
public final class RedisLockAutoConfiguration {

    private static final String URL = "lock.redis.url";

    @Bean
    RedisLockBackend distributedLockBackend(
            LockProperties properties,
            ObjectProvider<SpringDataRedis> springData,
            ConfigurableListableBeanFactory beans,
            Environment environment) {
        String url = properties.redis().url();
        RedisLockBackend.Builder builder =
                url == null ? ofTheApplication(springData.getIfAvailable(), beans) : RedisLockBackend.builder(uri(url));
        if (!properties.redis().directConnection()) {
            builder.direct(null);
        }
        return builder.namespace(LockNamespace.announced(properties, environment))
                .minReplicaAcks(properties.redis().minReplicaAcks())
                .build();
    }

    private static RedisURI uri(String url) {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            // The message of the client could repeat the password.
            throw new InvalidLockConfigurationException(
                    URL + " is not a Redis URI",
                    "Write it like 'redis://host:6379', 'rediss://user:password@host:6380/0' or"
                            + " 'redis-sentinel://host1,host2/0#master'");
        }
    }

    private static RedisLockBackend.Builder ofTheApplication(
            @Nullable SpringDataRedis springData, ConfigurableListableBeanFactory beans) {
        Optional<String> name = springData == null
                ? ClientBeans.find(beans, URL, AbstractRedisClient.class)
                : ClientBeans.find(beans, URL, AbstractRedisClient.class, RedisConnectionFactory.class);
        if (name.isEmpty()) {
            return RedisLockBackend.builder(RedisURI.create("redis://localhost:6379"));
        }
        Object bean = beans.getBean(name.get());
        if (bean instanceof RedisClient client) {
            return RedisLockBackend.builder(() -> client, "the address of bean '" + name.get() + "'");
        }
        return Optional.ofNullable(springData)
                .flatMap(redis -> redis.builder(bean))
                .orElseThrow(() -> new InvalidLockConfigurationException(
                        "Locks need a single Redis server or one found by Sentinel, but the bean '%s' (%s) leads to neither"
                                .formatted(name.get(), bean.getClass().getSimpleName()),
                        "Set " + URL + ", or mark another client with @LockClient"));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisConnectionFactory.class)
    static class SpringDataConfiguration {

        @Bean
        SpringDataRedis distributedLockSpringDataRedis() {
            return new SpringDataRedis();
        }
    }

    /** A native image has only the files it is told of. */
    static final class Scripts implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("io/distributedlock/redis/*.lua");
        }
    }
}

package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.redis.RedisLockBackend;
import io.distributedlock.spi.LockBackend;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** The client has no scheme for it: which of its classes leads to a Cluster, the application decides. */
    private static final Pattern CLUSTER = Pattern.compile("(rediss?)-cluster://");

    @Bean
    RedisLockBackend distributedLockBackend(
            LockProperties properties,
            ObjectProvider<SpringDataRedis> springData,
            ConfigurableListableBeanFactory beans,
            Environment environment) {
        String url = properties.redis().url();
        RedisLockBackend.Builder builder =
                url == null ? ofTheApplication(springData.getIfAvailable(), beans) : ofItsOwn(url);
        if (!properties.redis().directConnection()) {
            builder.direct(null);
        }
        return builder.namespace(LockNamespace.announced(properties, environment))
                .minReplicaAcks(properties.redis().minReplicaAcks())
                .build();
    }

    private static RedisLockBackend.Builder ofItsOwn(String url) {
        try {
            Matcher cluster = CLUSTER.matcher(url);
            return cluster.lookingAt()
                    ? RedisLockBackend.clusterBuilder(
                            RedisClusterURIUtil.toRedisURIs(URI.create(cluster.replaceFirst("$1://"))))
                    : RedisLockBackend.builder(RedisURI.create(url));
        } catch (IllegalArgumentException e) {
            // The message of the client could repeat the password.
            throw new InvalidLockConfigurationException(
                    URL + " is not a Redis URI",
                    "Write it like 'redis://host:6379', 'rediss://user:password@host:6380/0',"
                            + " 'redis-sentinel://host1,host2/0#master' or 'redis-cluster://user:password@host1:6379,host2:6379'");
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
        if (bean instanceof RedisClusterClient client) {
            return RedisLockBackend.clusterBuilder(() -> client, "the addresses of bean '" + name.get() + "'");
        }
        return Optional.ofNullable(springData)
                .flatMap(redis -> redis.builder(bean))
                .orElseThrow(() -> new InvalidLockConfigurationException(
                        "Locks need a Redis server, Sentinel or Cluster, and how to get there from the bean '%s' (%s) is not known"
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

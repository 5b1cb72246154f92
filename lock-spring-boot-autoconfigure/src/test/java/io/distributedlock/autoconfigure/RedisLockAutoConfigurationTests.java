package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.annotation.LockClient;
import io.distributedlock.redis.RedisLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class RedisLockAutoConfigurationTests {

    @RegisterExtension
    static final RedisServerExtension redis = RedisServerExtension.any();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RedisLockAutoConfiguration.class, LockAutoConfiguration.class));

    private final ApplicationContextRunner withSpringData =
            application.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

    @Configuration(proxyBeanMethods = false)
    static class TwoFactories {
        @Bean
        LettuceConnectionFactory first() {
            return new LettuceConnectionFactory("one.invalid", 1);
        }

        @Bean
        LettuceConnectionFactory second() {
            return new LettuceConnectionFactory("two.invalid", 2);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryFactory {
        @Bean
        @Primary
        LettuceConnectionFactory third() {
            return new LettuceConnectionFactory("three.invalid", 3);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MarkedFactory {
        @Bean
        @LockClient
        LettuceConnectionFactory marked() {
            return new LettuceConnectionFactory("marked.invalid", 4);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MarkedClient {
        @Bean(destroyMethod = "shutdown")
        @LockClient
        RedisClient redisClient() {
            return RedisClient.create(RedisURI.create(redis.uri()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClusterClient {
        @Bean(destroyMethod = "shutdown")
        RedisClusterClient cluster() {
            return RedisClusterClient.create("redis://localhost:1");
        }
    }

    private static String address(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(LockBackend.class).description();
    }

    private static void locks(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        try (Lease lease = context.getBean(LockManager.class).acquire(LockRequest.of("wired"))) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    private String hostAndPort() {
        RedisURI uri = RedisURI.create(redis.uri());
        return uri.getHost() + ":" + uri.getPort();
    }

    private String[] addressOfTheApplication() {
        RedisURI uri = RedisURI.create(redis.uri());
        return new String[] {"spring.data.redis.host=" + uri.getHost(), "spring.data.redis.port=" + uri.getPort()};
    }

    @Test
    void hasAnAddressOfItsOwn() {
        withSpringData
                .withUserConfiguration(MarkedFactory.class)
                .withPropertyValues("lock.redis.url=" + redis.uri())
                .run(context -> {
                    assertThat(address(context)).contains(hostAndPort());
                    locks(context);
                });
    }

    @Test
    void refusesAnAddressThatIsNone() {
        application
                .withPropertyValues("lock.redis.url=http://:secret@x")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("lock.redis.url is not a Redis URI")
                        .extracting(Throwable::getMessage)
                        .asString()
                        .doesNotContain("secret"));
    }

    @Test
    void usesTheConnectionFactoryOfTheApplication() {
        withSpringData.withPropertyValues(addressOfTheApplication()).run(context -> {
            assertThat(context).hasSingleBean(LettuceConnectionFactory.class);
            assertThat(address(context)).isEqualTo("Redis at redis://" + hostAndPort());
            locks(context);
        });
    }

    @Test
    void makesAClientForAnApplicationWithJedis() {
        withSpringData
                .withPropertyValues(addressOfTheApplication())
                .withPropertyValues("spring.data.redis.client-type=jedis")
                .run(context -> {
                    assertThat(context).hasSingleBean(JedisConnectionFactory.class);
                    assertThat(address(context)).isEqualTo("Redis at redis://" + hostAndPort());
                    locks(context);
                });
    }

    @Test
    void takesOverAddressUserPasswordAndDatabaseOfJedis() {
        RedisStandaloneConfiguration settings = new RedisStandaloneConfiguration("a.invalid", 1);
        settings.setDatabase(3);
        settings.setUsername("user");
        settings.setPassword("secret");
        RedisURI uri = SpringDataRedis.uri(new JedisConnectionFactory(settings));
        assertThat(uri.getHost() + ":" + uri.getPort() + "/" + uri.getDatabase())
                .isEqualTo("a.invalid:1/3");
        assertThat(credentials(uri)).isEqualTo("user:secret");
    }

    @Test
    void takesOverTheSentinelsOfJedis() {
        RedisSentinelConfiguration settings =
                new RedisSentinelConfiguration("main", Set.of("a.invalid:1", "b.invalid:2"));
        settings.setPassword("secret");
        settings.setSentinelPassword("other");
        RedisURI uri = SpringDataRedis.uri(new JedisConnectionFactory(settings));
        assertThat(uri.getSentinelMasterId()).isEqualTo("main");
        assertThat(credentials(uri)).isEqualTo("null:secret");
        assertThat(uri.getSentinels())
                .extracting(sentinel -> sentinel.getHost() + ":" + sentinel.getPort() + " " + credentials(sentinel))
                .containsExactlyInAnyOrder("a.invalid:1 null:other", "b.invalid:2 null:other");
    }

    private static String credentials(RedisURI uri) {
        RedisCredentials credentials =
                uri.getCredentialsProvider().resolveCredentials().block();
        return credentials.getUsername() + ":" + String.valueOf(credentials.getPassword());
    }

    @Test
    void refusesCertificatesOfJedis() {
        withSpringData
                .withPropertyValues("spring.data.redis.client-type=jedis", "spring.data.redis.ssl.enabled=true")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("Set lock.redis.url to 'rediss://"));
    }

    @Test
    void severalClientsNeedAChoice() {
        application
                .withUserConfiguration(TwoFactories.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans [first, second] could lead to the locks' store"));
        application
                .withUserConfiguration(TwoFactories.class, PrimaryFactory.class)
                .run(context -> assertThat(address(context)).contains("three.invalid:3"));
        application
                .withUserConfiguration(TwoFactories.class, PrimaryFactory.class, MarkedFactory.class)
                .run(context -> assertThat(address(context)).contains("marked.invalid:4"));
        application
                .withUserConfiguration(TwoFactories.class, MarkedFactory.class, MarkedClient.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans [redisClient, marked] are marked with @LockClient"));
    }

    @Test
    void usesALettuceClientOfTheApplication() {
        application
                .withUserConfiguration(TwoFactories.class, MarkedClient.class)
                .run(context -> {
                    assertThat(address(context)).contains("bean 'redisClient'");
                    locks(context);
                });
    }

    @Test
    void knowsAClusterByItsClient() {
        application
                .withUserConfiguration(ClusterClient.class)
                .run(context ->
                        assertThat(address(context)).isEqualTo("Redis Cluster at the addresses of bean 'cluster'"));
        withSpringData
                .withPropertyValues("spring.data.redis.cluster.nodes=a.invalid:1,b.invalid:2")
                .run(context -> assertThat(address(context)).isEqualTo("Redis Cluster at a.invalid:1,b.invalid:2"));
    }

    @Test
    void knowsAClusterByItsScheme() {
        application
                .withPropertyValues("lock.redis.url=redis-cluster://user:secret@a.invalid:1,b.invalid")
                .run(context -> assertThat(address(context))
                        .isEqualTo("Redis Cluster at redis://a.invalid:1, redis://b.invalid:6379"));
        application
                .withPropertyValues("lock.redis.url=rediss-cluster://a.invalid:1")
                .run(context -> assertThat(address(context)).isEqualTo("Redis Cluster at rediss://a.invalid:1"));
        application
                .withPropertyValues("lock.redis.url=redis-cluster://:secret@")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("lock.redis.url is not a Redis URI"));
    }

    @Test
    void makesAClientForAClusterOfJedis() {
        RedisClusterConfiguration settings = new RedisClusterConfiguration(Set.of("a.invalid:1"));
        settings.setUsername("user");
        settings.setPassword("secret");
        JedisConnectionFactory factory = new JedisConnectionFactory(settings);
        try (RedisLockBackend backend =
                new SpringDataRedis().builder(factory).orElseThrow().build()) {
            assertThat(backend.description()).isEqualTo("Redis Cluster at redis://a.invalid:1");
        }
        assertThat(SpringDataRedis.uris(factory, settings))
                .singleElement()
                .satisfies(uri -> assertThat(credentials(uri)).isEqualTo("user:secret"));
    }

    @Test
    void withoutAnyClientItIsTheLocalOne() {
        application.run(context -> assertThat(address(context)).isEqualTo("Redis at redis://localhost:6379"));
    }

    @Test
    void needsNoSpringData() {
        application
                .withClassLoader(new FilteredClassLoader("org.springframework.data", "redis.clients"))
                .withPropertyValues("lock.redis.url=" + redis.uri())
                .run(RedisLockAutoConfigurationTests::locks);
        application
                .withClassLoader(new FilteredClassLoader("org.springframework.data", "redis.clients"))
                .run(context -> assertThat(context).doesNotHaveBean(RedisConnectionFactory.class));
    }

    @Test
    void saysWhichLibraryIsMissing() {
        application
                .withClassLoader(new FilteredClassLoader("io.lettuce"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("lock.backend=redis needs io.lettuce:lettuce-core on the classpath"));
    }

    @Test
    void stepsBackWhenSwitchedOffOrNotAskedFor() {
        ApplicationContextRunner inMemory =
                application.withConfiguration(AutoConfigurations.of(InMemoryLockAutoConfiguration.class));
        inMemory.withPropertyValues("lock.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RedisLockBackend.class));
        inMemory.withPropertyValues("lock.backend=memory")
                .run(context -> assertThat(context).doesNotHaveBean(RedisLockBackend.class));
    }
}

package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/** The connection for callers who are alone: when there is one, and where it leads. */
class RedisDirectConnectionTests {

    @RegisterExtension
    static final RedisServerExtension REDIS = RedisServerExtension.any();

    private final String name = "client-" + System.nanoTime();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RedisLockAutoConfiguration.class, LockAutoConfiguration.class, DataRedisAutoConfiguration.class))
            .withPropertyValues(
                    "spring.data.redis.host=" + uri().getHost(),
                    "spring.data.redis.port=" + uri().getPort(),
                    "spring.data.redis.client-name=" + name);

    @Test
    void isMadeWhereTheClientOfTheApplicationLeadsTo() {
        application.run(context -> await().atMost(Duration.ofSeconds(20)).until(() -> {
            locks(context.getBean(LockManager.class));
            return connections() == 3;
        }));
    }

    @Test
    void isNotMadeWhenThePropertySaysSo() {
        application.withPropertyValues("lock.redis.direct-connection=false").run(context -> {
            for (int i = 0; i < 100; i++) {
                locks(context.getBean(LockManager.class));
            }
            assertThat(connections()).isEqualTo(2);
        });
    }

    @Test
    void takesOverAddressUserPasswordDatabaseAndName() {
        RedisStandaloneConfiguration settings = new RedisStandaloneConfiguration("a.invalid", 1);
        settings.setDatabase(3);
        settings.setUsername("user");
        settings.setPassword("secret");
        RedisURI direct = SpringDataRedis.direct(new LettuceConnectionFactory(
                settings, LettuceClientConfiguration.builder().clientName("me").build()));
        assertThat(direct).isNotNull();
        assertThat(direct.getHost() + ":" + direct.getPort() + "/" + direct.getDatabase() + " "
                        + direct.getClientName())
                .isEqualTo("a.invalid:1/3 me");
        assertThat(direct.getCredentialsProvider().resolveCredentials().block().getUsername())
                .isEqualTo("user");
    }

    @Test
    void isNotMadeWhereMoreThanThatIsConfigured() {
        RedisStandaloneConfiguration standalone = new RedisStandaloneConfiguration("a.invalid", 1);
        assertThat(SpringDataRedis.direct(new LettuceConnectionFactory(
                        standalone,
                        LettuceClientConfiguration.builder().useSsl().build())))
                .as("TLS")
                .isNull();
        RedisCredentialsProviderFactory credentials = new RedisCredentialsProviderFactory() {};
        assertThat(SpringDataRedis.direct(new LettuceConnectionFactory(
                        standalone,
                        LettuceClientConfiguration.builder()
                                .redisCredentialsProviderFactory(credentials)
                                .build())))
                .as("credentials of the application")
                .isNull();
        assertThat(SpringDataRedis.direct(new LettuceConnectionFactory(
                        new RedisSentinelConfiguration().master("m").sentinel("a.invalid", 1))))
                .as("Sentinel")
                .isNull();
        assertThat(SpringDataRedis.direct(new LettuceConnectionFactory(new RedisSocketConfiguration("/tmp/redis"))))
                .as("Unix socket")
                .isNull();
    }

    private static void locks(LockManager locks) {
        locks.withLock(LockRequest.of("direct"), () -> {});
    }

    private long connections() {
        RedisClient client = RedisClient.create(uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection
                    .sync()
                    .clientList()
                    .lines()
                    .filter(line -> line.contains(" name=" + name + " "))
                    .count();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    private static RedisURI uri() {
        return RedisURI.create(REDIS.uri());
    }
}

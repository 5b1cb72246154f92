package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.testkit.server.RedisClusterExtension;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The ways to tell an application of a Cluster. */
@Tag("topologies")
class RedisClusterLockTests {

    @RegisterExtension
    static final RedisClusterExtension CLUSTER = new RedisClusterExtension(3);

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LockAutoConfiguration.class, RedisLockAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(strings = {"lettuce", "jedis"})
    void byTheClientOfTheApplication(String client) {
        application
                .withPropertyValues(
                        "spring.data.redis.client-type=" + client, "spring.data.redis.cluster.nodes=" + addresses())
                .run(RedisClusterLockTests::locks);
    }

    @Test
    void byAUrl() {
        application
                .withPropertyValues("lock.redis.url=redis-cluster://" + addresses())
                .run(RedisClusterLockTests::locks);
    }

    private static String addresses() {
        return CLUSTER.uris().stream()
                .limit(2)
                .map(uri -> uri.substring("redis://".length()))
                .collect(Collectors.joining(","));
    }

    private static void locks(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        LockManager locks = context.getBean(LockManager.class);
        for (int i = 0; i < 30; i++) {
            try (Lease lease = locks.acquire(LockRequest.of("order:" + i))) {
                assertThat(lease.isHeld()).isTrue();
                assertThat(lease.fencingToken()).isPositive();
            }
        }
    }
}

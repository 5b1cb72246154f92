package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The application starts, and says where it does not find its store. */
@Timeout(60)
class UnreachableStoreHealthTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RedisLockAutoConfiguration.class,
                    ZooKeeperLockAutoConfiguration.class,
                    LockAutoConfiguration.class,
                    LockHealthContributorAutoConfiguration.class));

    @Test
    void namesTheAddressOfARedisThatIsNotThere() throws IOException {
        String address = "127.0.0.1:" + closedPort();

        assertDown(address, "Connection refused", "lock.backend=redis", "lock.redis.url=redis://" + address);
    }

    @Test
    void namesTheAddressOfAZooKeeperThatIsNotThere() throws IOException {
        String address = "127.0.0.1:" + closedPort();

        assertDown(address, "not connected", "lock.backend=zookeeper", "lock.zookeeper.connect-string=" + address);
    }

    private void assertDown(String address, String reason, String... properties) {
        contextRunner.withPropertyValues(properties).run(context -> {
            Health health = context.getBean("lockHealthContributor", HealthIndicator.class)
                    .health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsOnlyKeys("backend", "error");
            assertThat(health.getDetails().get("backend")).asString().contains(address);
            assertThat(health.getDetails().get("error"))
                    .asString()
                    .contains(reason)
                    .contains(address);
        });
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

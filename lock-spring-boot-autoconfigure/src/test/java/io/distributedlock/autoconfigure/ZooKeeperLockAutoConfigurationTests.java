package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.annotation.LockClient;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.server.ZooKeeperServerExtension;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ZooKeeperLockAutoConfigurationTests {

    @RegisterExtension
    static final ZooKeeperServerExtension zookeeper = ZooKeeperServerExtension.any();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ZooKeeperLockAutoConfiguration.class, LockAutoConfiguration.class))
            .withPropertyValues("lock.backend=zookeeper");

    @Configuration(proxyBeanMethods = false)
    static class Curator {
        @Bean(initMethod = "start", destroyMethod = "close")
        CuratorFramework curator() {
            return CuratorFrameworkFactory.newClient(zookeeper.connectString(), new RetryOneTime(100));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherCurator {
        @Bean(destroyMethod = "close")
        CuratorFramework other() {
            return CuratorFrameworkFactory.newClient("other.invalid:1", new RetryOneTime(100));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MarkedCurator {
        @Bean(destroyMethod = "close")
        @LockClient
        CuratorFramework marked() {
            return CuratorFrameworkFactory.newClient("marked.invalid:1", new RetryOneTime(100));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Details {
        @Bean
        ZooKeeperConnectionDetails details() {
            return zookeeper::connectString;
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

    @Test
    void hasAnAddressOfItsOwn() {
        application
                .withUserConfiguration(OtherCurator.class)
                .withPropertyValues(
                        "lock.zookeeper.connect-string=" + zookeeper.connectString(), "lock.zookeeper.root=/shop/locks")
                .run(context -> {
                    assertThat(address(context)).contains(zookeeper.connectString());
                    locks(context);
                });
    }

    @Test
    void aLockDelayLengthensTheSessionAndNotTheLease() {
        application
                .withPropertyValues(
                        "lock.zookeeper.connect-string=" + zookeeper.connectString(),
                        "lock.zookeeper.session-timeout=6s",
                        "lock.lock-delay=5s")
                .run(context -> {
                    locks(context);
                    assertThat(context.getBean(LockBackend.class).check().join().deadHolderForgottenAfter())
                            .isEqualTo(Duration.ofSeconds(11));
                    try (Lease lease = context.getBean(LockManager.class).acquire(LockRequest.of("delayed"))) {
                        assertThat(lease.remaining()).isLessThanOrEqualTo(Duration.ofSeconds(4));
                    }
                });
    }

    @Test
    void usesTheClientOfTheApplication() {
        application
                .withUserConfiguration(Curator.class)
                .withPropertyValues("lock.zookeeper.root=/mine")
                .run(context -> {
                    locks(context);
                    assertThat(context.getBean(CuratorFramework.class)
                                    .checkExists()
                                    .forPath("/mine"))
                            .isNotNull();
                });
    }

    @Test
    void severalClientsNeedAChoice() {
        application
                .withUserConfiguration(Curator.class, OtherCurator.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans [curator, other] could lead to the locks' store"));
        application
                .withUserConfiguration(Curator.class, OtherCurator.class, MarkedCurator.class)
                .run(context -> assertThat(address(context)).contains("marked.invalid:1"));
    }

    @Test
    void connectionDetailsGoFirst() {
        ApplicationContextRunner withDetails = application.withUserConfiguration(OtherCurator.class, Details.class);
        withDetails.run(ZooKeeperLockAutoConfigurationTests::locks);
        withDetails
                .withPropertyValues("lock.zookeeper.connect-string=no.invalid:1")
                .run(ZooKeeperLockAutoConfigurationTests::locks);
    }

    @Test
    void withoutAnyClientItIsTheLocalOne() {
        application.run(context -> assertThat(address(context)).contains("localhost:2181"));
    }

    @Test
    void saysWhichLibraryIsMissing() {
        application
                .withClassLoader(new FilteredClassLoader("org.apache.curator"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                "lock.backend=zookeeper needs org.apache.curator:curator-recipes on the classpath"));
    }
}

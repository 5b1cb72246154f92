package io.distributedlock.autoconfigure;

import io.distributedlock.LockManager;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.zookeeper.ZooKeeperLockBackend;
import io.distributedlock.zookeeper.ZooKeeperSettings;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.LockInternals;
import org.apache.zookeeper.ZooKeeper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Locks in ZooKeeper: at an address of their own, or by the application's client. */
@AutoConfiguration(before = LockAutoConfiguration.class)
@ConditionalOnClass({CuratorFramework.class, LockInternals.class, ZooKeeper.class})
@ConditionalOnProperty(name = "lock.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "lock.backend", havingValue = "zookeeper")
@ConditionalOnMissingBean({LockBackend.class, LockManager.class})
public final class ZooKeeperLockAutoConfiguration {

    private static final String CONNECT_STRING = "lock.zookeeper.connect-string";

    @Bean
    ZooKeeperLockBackend distributedLockBackend(
            LockProperties properties,
            ObjectProvider<ZooKeeperConnectionDetails> details,
            ConfigurableListableBeanFactory beans,
            Environment environment) {
        String namespace = LockNamespace.announced(properties, environment);
        LockProperties.Zookeeper zookeeper = properties.zookeeper();
        ZooKeeperConnectionDetails address = details.getIfAvailable();
        if (address == null && !isConfigured(environment)) {
            Optional<String> client = ClientBeans.find(beans, CONNECT_STRING, CuratorFramework.class);
            if (client.isPresent()) {
                CuratorFramework curator = beans.getBean(client.get(), CuratorFramework.class);
                return new ZooKeeperLockBackend(curator, zookeeper.root(), namespace);
            }
        }
        return new ZooKeeperLockBackend(new ZooKeeperSettings(
                address == null ? zookeeper.connectString() : address.connectString(),
                zookeeper.sessionTimeout().plus(properties.lockDelay()),
                zookeeper.connectionTimeout(),
                zookeeper.root(),
                namespace));
    }

    /** Where the servers are and how to talk to them; a path below which to work says nothing of that. */
    private static boolean isConfigured(Environment environment) {
        return Stream.of(CONNECT_STRING, "lock.zookeeper.session-timeout", "lock.zookeeper.connection-timeout")
                .anyMatch(environment::containsProperty);
    }
}

package io.distributedlock.faults;

import io.distributedlock.testkit.server.ZooKeeperServerExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("two JVMs and one ZooKeeper")
class ZooKeeperFaultsTests extends TwoProcessFaults {

    @RegisterExtension
    static final ZooKeeperServerExtension zooKeeper = ZooKeeperServerExtension.own();

    @Override
    String kind() {
        return "zookeeper";
    }

    @Override
    String address() {
        return zooKeeper.connectString();
    }

    @Override
    void stopServer() throws Exception {
        zooKeeper.stop();
    }

    @Override
    void startServer() throws Exception {
        zooKeeper.start();
    }
}

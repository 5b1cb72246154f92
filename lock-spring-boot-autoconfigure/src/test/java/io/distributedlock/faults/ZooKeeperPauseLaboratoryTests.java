package io.distributedlock.faults;

import io.distributedlock.testkit.server.PostgresServerExtension;
import io.distributedlock.testkit.server.ZooKeeperServerExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("holders that stand still, their locks in ZooKeeper")
class ZooKeeperPauseLaboratoryTests extends PauseLaboratory {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    @RegisterExtension
    static final ZooKeeperServerExtension zooKeeper = ZooKeeperServerExtension.own();

    @Override
    String database() {
        return postgres.url();
    }

    @Override
    List<String> store() {
        return List.of(
                "--lock.backend=zookeeper",
                "--lock.zookeeper.connect-string=" + zooKeeper.connectString(),
                "--lock.zookeeper.session-timeout=" + lease().toMillis() + "ms");
    }

    @Override
    Duration lease() {
        return Duration.ofSeconds(4);
    }
}

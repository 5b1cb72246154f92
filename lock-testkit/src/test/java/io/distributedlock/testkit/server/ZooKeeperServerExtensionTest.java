package io.distributedlock.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ZooKeeperServerExtensionTest {

    @RegisterExtension
    static final ZooKeeperServerExtension zooKeeper = ZooKeeperServerExtension.own();

    @RegisterExtension
    static final ZooKeeperEnsembleExtension ensemble = new ZooKeeperEnsembleExtension(3);

    @Test
    void givesARunningServerThatCanBeStoppedAndStarted() throws Exception {
        assertThat(Wire.ask(zooKeeper.connectString(), "srvr")).contains("Mode: standalone");

        zooKeeper.stop();
        assertThat(Wire.ask(zooKeeper.connectString(), "srvr")).contains("ConnectException");
        zooKeeper.start();

        assertThat(Wire.ask(zooKeeper.connectString(), "srvr")).contains("Mode: standalone");
        zooKeeper.restart();
        assertThat(Wire.ask(zooKeeper.connectString(), "srvr")).contains("Mode: standalone");
    }

    @Test
    void givesAnEnsembleThatSurvivesTheLossOfOneMember() throws Exception {
        assertThat(ensemble.connectString().split(",")).hasSize(3);

        ensemble.kill(0);

        assertThat(Wire.ask(ensemble.connectString(0), "srvr")).contains("ConnectException");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Wire.ask(ensemble.connectString(1), "srvr")
                                + Wire.ask(ensemble.connectString(2), "srvr"))
                        .contains("Mode: leader")
                        .contains("Mode: follower"));
        ensemble.start(0);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(Wire.ask(ensemble.connectString(0), "srvr")).contains("Mode: follower"));
    }
}

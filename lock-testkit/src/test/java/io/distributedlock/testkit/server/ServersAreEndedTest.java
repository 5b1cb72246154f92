package io.distributedlock.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

class ServersAreEndedTest {

    static String redisWasAt = "";
    static String zooKeeperWasAt = "";

    /** Run by the test below only. */
    static class Guests {

        @RegisterExtension
        static final RedisServerExtension redis = RedisServerExtension.own();

        @RegisterExtension
        static final ZooKeeperServerExtension zooKeeper = ZooKeeperServerExtension.own();

        @Test
        void serversAnswer() {
            redisWasAt = redis.uri();
            redis.start(); // once more does not hide the first
            zooKeeperWasAt = zooKeeper.connectString();
            assertThat(Wire.ask(redisWasAt, "PING\r\n")).isEqualTo("+PONG\r\n");
            assertThat(Wire.ask(zooKeeperWasAt, "srvr")).contains("Zookeeper version");
        }
    }

    @Test
    void whenTheTestsAreOver() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Guests.class))
                .execute()
                .testEvents()
                .assertStatistics(tests -> tests.started(1).succeeded(1));

        assertThat(Wire.ask(redisWasAt, "PING\r\n")).contains("ConnectException");
        assertThat(Wire.ask(zooKeeperWasAt, "srvr")).contains("ConnectException");
    }
}

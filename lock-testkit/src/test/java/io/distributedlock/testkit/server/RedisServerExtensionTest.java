package io.distributedlock.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisServerExtensionTest {

    @RegisterExtension
    static final RedisServerExtension forgetful = RedisServerExtension.own();

    @RegisterExtension
    static final RedisServerExtension durable = RedisServerExtension.embedded().durable();

    @Test
    void givesARunningServer() {
        assertThat(Wire.ask(forgetful.uri(), "PING\r\n")).isEqualTo("+PONG\r\n");
        assertThat(forgetful.flavour())
                .startsWith("redis-server ")
                .endsWith(forgetful.uri().substring(8));
    }

    @Test
    void givesTheEmbeddedServerWhenAskedForIt() {
        assertThat(durable.flavour()).startsWith("redis-server 6.2").contains("embedded");
        assertThat(Wire.ask(durable.uri(), "INFO server\r\n")).contains("redis_version:6.2");
    }

    @Test
    void keepsDataOverACrashWhenDurable() {
        Wire.ask(durable.uri(), "SET a kept\r\n");

        durable.kill();
        assertThat(Wire.ask(durable.uri(), "PING\r\n")).contains("ConnectException");
        durable.start();

        assertThat(Wire.ask(durable.uri(), "GET a\r\n")).contains("kept");
    }

    @Test
    void losesDataOverARestartOtherwise() {
        Wire.ask(forgetful.uri(), "SET a gone\r\n");

        forgetful.restart();

        assertThat(Wire.ask(forgetful.uri(), "GET a\r\n")).isEqualTo("$-1\r\n");
    }

    @Test
    void standsStillWhilePaused() {
        forgetful.pause();
        try {
            assertThat(Wire.ask(forgetful.uri(), "PING\r\n")).contains("SocketTimeoutException");
        } finally {
            forgetful.resume();
        }
        assertThat(Wire.ask(forgetful.uri(), "PING\r\n")).isEqualTo("+PONG\r\n");
    }

    @Test
    void restartsOnlyWhatIsItsOwn() {
        assertThatThrownBy(RedisServerExtension.any()::restart).hasMessageContaining("RedisServerExtension.own()");
    }
}

package io.distributedlock.faults;

import io.distributedlock.testkit.server.RedisServerExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("two JVMs and one Redis that keeps its data")
class RedisFaultsTests extends TwoProcessFaults {

    @RegisterExtension
    static final RedisServerExtension redis = RedisServerExtension.own().durable();

    @Override
    String kind() {
        return "redis";
    }

    @Override
    String address() {
        return redis.uri();
    }

    @Override
    void stopServer() {
        redis.stop();
    }

    @Override
    void startServer() {
        redis.start();
    }
}

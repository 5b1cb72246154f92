package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PreflightTest {

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.own();

    private Redis redis;

    @BeforeEach
    void connect() {
        redis = new Redis(SERVER.uri());
        redis.commands().configSet("maxmemory", "0");
        redis.commands().configSet("maxmemory-policy", "noeviction");
        redis.commands().configSet("save", "");
        redis.commands().configSet("appendonly", "yes");
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    @Test
    void aServerOnTheSameMachineIsNearAndItsClockIsTheSame() {
        BackendStatus status = check(redis.uri);

        assertThat(status.findings()).isEmpty();
        assertThat(status.roundTrip()).isPositive();
        assertThat(status.clockDifference()).isNotNull();
        assertThat(status.clockDifference().abs()).isLessThan(Duration.ofSeconds(5));
        assertThat(status.deadHolderForgottenAfter()).isNull();
    }

    @Test
    void aServerThatMayEvictLocksIsFoundFaultWith() {
        redis.commands().configSet("maxmemory-policy", "allkeys-lru");
        assertThat(check(redis.uri).findings())
                .as("without a limit nothing is evicted")
                .isEmpty();

        redis.commands().configSet("maxmemory", "100mb");

        assertThat(check(redis.uri).findings())
                .singleElement()
                .asString()
                .contains("maxmemory-policy is allkeys-lru")
                .contains("noeviction");
    }

    @Test
    void aServerThatKeepsNothingOnDiskIsFoundFaultWith() {
        redis.commands().configSet("appendonly", "no");
        assertThat(check(redis.uri).findings()).singleElement().asString().contains("set appendonly to yes");

        redis.commands().configSet("save", "900 1");

        assertThat(check(redis.uri).findings()).isEmpty();
    }

    @Test
    void aUserWithoutRightsBeyondItsLocksCanLockAndIsToldNothing() {
        redis.commands().configSet("appendonly", "no");
        redis.commands()
                .aclSetuser(
                        "locker",
                        AclSetuserArgs.Builder.on()
                                .addPassword("secret")
                                .allCommands()
                                .keyPattern("{locks:*")
                                .resetChannels()
                                .channelPattern("{locks:*")
                                .removeCategory(io.lettuce.core.AclCategory.ADMIN));
        RedisURI uri = RedisURI.builder(redis.uri)
                .withAuthentication("locker", "secret")
                .build();

        assertThat(check(uri).findings()).isEmpty();
        try (RedisLockBackend backend =
                RedisLockBackend.builder(uri).namespace("locks").build()) {
            assertThat(backend.acquire(claim("a", Duration.ofSeconds(1), Duration.ofSeconds(1)))
                            .join())
                    .isPresent();
        }
    }

    private static BackendStatus check(RedisURI uri) {
        try (RedisLockBackend backend = RedisLockBackend.builder(uri).build()) {
            return backend.check().join();
        }
    }
}

package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.AclCategory;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
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
                                .removeCategory(AclCategory.ADMIN));
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

    @Test
    void aUserThatMayDoNoMoreThanWhatTheLocksDoHandsThemOn() {
        redis.commands()
                .aclSetuser(
                        "narrow",
                        AclSetuserArgs.Builder.on()
                                .addPassword("secret")
                                .keyPattern("{locks:*")
                                .resetChannels()
                                .channelPattern("{locks:*")
                                .addCategory(AclCategory.CONNECTION)
                                .addCommand(CommandType.EVAL)
                                .addCommand(CommandType.EVALSHA)
                                .addCommand(CommandType.SCRIPT)
                                .addCommand(CommandType.TIME)
                                .addCommand(CommandType.SUBSCRIBE)
                                .addCommand(CommandType.UNSUBSCRIBE)
                                .addCommand(CommandType.PUBLISH)
                                .addCommand(CommandType.PUBSUB)
                                .addCommand(CommandType.GET)
                                .addCommand(CommandType.MGET)
                                .addCommand(CommandType.SET)
                                .addCommand(CommandType.DEL)
                                .addCommand(CommandType.EXISTS)
                                .addCommand(CommandType.PTTL)
                                .addCommand(CommandType.PEXPIRE)
                                .addCommand(CommandType.ZADD)
                                .addCommand(CommandType.ZPOPMIN)
                                .addCommand(CommandType.ZRANGE)
                                .addCommand(CommandType.ZREM));
        assertHandsOnPastTheDead();

        // A server that does not tell who listens: the dead cost their claim time, seen when the next one looks by
        // itself.
        redis.commands().aclSetuser("narrow", AclSetuserArgs.Builder.on().removeCommand(CommandType.PUBSUB));
        assertHandsOnPastTheDead();
    }

    private void assertHandsOnPastTheDead() {
        RedisURI uri = RedisURI.builder(redis.uri)
                .withAuthentication("narrow", "secret")
                .build();
        Duration lease = Duration.ofSeconds(30);
        try (RedisLockBackend one =
                        RedisLockBackend.builder(uri).namespace("locks").build();
                RedisLockBackend two =
                        RedisLockBackend.builder(uri).namespace("locks").build()) {
            LockClaim holder = claim("a", Duration.ofSeconds(4), Duration.ZERO);
            assertThat(one.acquire(holder).join()).isPresent();
            RedisLockBackend dead =
                    RedisLockBackend.builder(uri).namespace("locks").build();
            var unused = dead.acquire(claim("a", lease, lease));
            awaitWaiters(one, 1);
            dead.close();
            LockClaim waiter = claim("a", lease, lease);
            var waiting = two.acquire(waiter);
            awaitWaiters(one, 2);

            assertThat(one.release(holder, Duration.ZERO)).succeedsWithin(Duration.ofSeconds(5));

            assertThat(waiting)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(grant -> assertThat(grant).isPresent());
            assertThat(two.release(waiter, Duration.ZERO)).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    private static void awaitWaiters(RedisLockBackend backend, int count) {
        await().until(() -> backend.inspect("a").join().waiters() == count);
    }

    private static BackendStatus check(RedisURI uri) {
        try (RedisLockBackend backend = RedisLockBackend.builder(uri).build()) {
            return backend.check().join();
        }
    }
}

package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that are away, come back, stand still or forget. */
class RedisFaultTest extends RedisTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** With a client of our own, and with one that reconnects and sends commands again. */
    enum Client {
        OWN,
        OF_THE_APPLICATION;

        RedisLockBackend backend(Redis redis) {
            return this == OWN ? redis.backend() : redis.backendOfApplication();
        }
    }

    private RedisLockBackend backend;

    @BeforeEach
    void connect() {
        backend = closedAfterTheTest(redis.backend());
    }

    @Test
    void aServerThatIsNotThereFailsTheCallAtOnceWithTheCauseAndNotTheMakingOfTheBackend() {
        SERVER.stop();
        try (RedisLockBackend early = redis.backend()) {
            assertThat(early.acquire(claim("a", LONG, LONG)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisConnectionException.class)
                    .withRootCauseInstanceOf(ConnectException.class);
            assertThat(early.acquire(claim("a", LONG, Duration.ZERO)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisConnectionException.class);
            assertThat(early.check()).failsWithin(PATIENCE);

            SERVER.start();

            assertThat(Retry.untilAnswered(() -> early.acquire(claim("a", LONG, LONG))))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsRestartedWhileClientsWaitHandsOnToThem(Client client) {
        LockClaim holder = claim("a", LONG, LONG);
        held(backend::acquire, holder);
        try (RedisLockBackend other = client.backend(redis)) {
            LockClaim waiter = claim("a", LONG, LONG);
            CompletableFuture<Optional<LockGrant>> waiting = queued(other::acquire, waiter);

            SERVER.kill();
            assertThat(waiting).failsWithin(PATIENCE);
            SERVER.start();

            // The server lost the lock: the first one to ask again has it.
            LockGrant next = Retry.untilAnswered(() -> other.acquire(waiter)).orElseThrow();
            assertThat(Retry.untilAnswered(() -> backend.release(holder, Duration.ZERO)))
                    .isFalse();
            assertThat(Retry.untilAnswered(() -> other.renew(List.of(next))).get(0))
                    .isInstanceOf(Renewal.Renewed.class);
        }
    }

    @Test
    void scriptsThatTheServerForgotAreSentAgain() {
        LockClaim holder = claim("a", LONG, LONG);
        held(backend::acquire, holder);

        redis.commands().scriptFlush();

        assertThat(backend.release(holder, Duration.ZERO))
                .succeedsWithin(PATIENCE)
                .isEqualTo(true);
        redis.commands().scriptFlush();
        assertThat(held(backend::acquire, claim("a", LONG, Duration.ZERO))).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBreaksUnderARequestFailsItAndTheNextRequestHasANewOne(Client client) {
        try (RedisLockBackend other = client.backend(redis)) {
            LockClaim claim = claim("a", LONG, Duration.ZERO);
            held(other::acquire, claim);
            SERVER.pause();
            CompletableFuture<Boolean> release;
            try {
                release = other.release(claim, Duration.ZERO);
            } finally {
                SERVER.kill();
            }

            assertThat(release).failsWithin(PATIENCE);
            SERVER.start();
            assertThat(Retry.untilAnswered(() -> other.acquire(claim("a", LONG, Duration.ZERO))))
                    .isPresent();
        }
    }

    @Test
    void aServerThatStandsStillIsGivenUpAndWithItWhatWasSent() {
        held(backend::acquire, claim("other", LONG, LONG));
        LockClaim claim = claim("a", LONG, LONG);
        SERVER.pause();
        try {
            assertThat(backend.acquire(claim))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisCommandTimeoutException.class)
                    .withMessageContaining(backend.description());
        } finally {
            SERVER.resume();
        }

        // The request that was given up is still in the server's socket: it must not win after the release.
        Retry.untilAnswered(() -> backend.release(claim, Duration.ZERO));
        await().atMost(PATIENCE)
                .during(Duration.ofMillis(500))
                .until(() -> redis.commands().get(redis.keys.lock("a")) == null);
    }

    @Test
    void aConnectionThatIsKilledIsMadeAgainWithoutAnError() {
        LockGrant grant = held(backend::acquire, claim("a", LONG, LONG));

        redis.commands().clientKill(KillArgs.Builder.skipme());

        assertThat(Retry.untilAnswered(() -> backend.renew(List.of(grant))).get(0))
                .isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    void aClosedBackendRefusesAndItsWaitersAreTold() {
        held(backend::acquire, claim("a", LONG, LONG));
        RedisLockBackend other = redis.backend();
        LockClaim waiter = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(other::acquire, waiter);

        other.close();

        assertThat(waiting).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("closed");
        assertThat(other.acquire(claim("b", LONG, LONG)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("closed");
    }

    @Test
    void aClientOfTheApplicationIsNotClosed() {
        try (RedisLockBackend other = redis.backendOfApplication()) {
            held(other::acquire, claim("a", LONG, LONG));
        }

        try (RedisLockBackend another = redis.backendOfApplication()) {
            assertThat(held(another::acquire, claim("b", LONG, LONG))).isNotNull();
        }
    }

    @Test
    void aClientOfAnotherKindIsRefusedWithTheMend() {
        var cluster = RedisClusterClient.create(redis.uri);
        try (cluster;
                RedisLockBackend other =
                        RedisLockBackend.builder(() -> cluster, "cluster").build()) {
            assertThat(other.acquire(claim("a", LONG, LONG)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("RedisClusterClient")
                    .withMessageContaining("lock.redis.url");
        }
    }

    @Test
    void theDescriptionNamesTheServerAndNoSecret() {
        assertThat(description("redis://user:secret@10.0.0.7:6380/2")).isEqualTo("Redis at redis://10.0.0.7:6380/2");
        assertThat(description("rediss://:secret@redis.example.org"))
                .isEqualTo("Redis at rediss://redis.example.org:6379");
        assertThat(description("redis-sentinel://secret@one:26379,two:26380/0#main"))
                .isEqualTo("Redis at redis-sentinel://one:26379,two:26380/0#main");
    }

    private static String description(String uri) {
        try (RedisLockBackend made =
                RedisLockBackend.builder(RedisURI.create(uri)).build()) {
            return made.description();
        }
    }
}

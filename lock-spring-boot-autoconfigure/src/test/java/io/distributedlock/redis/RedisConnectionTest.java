package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that stand but are worth nothing: silent ones, and those to a server that is not the one any more. */
class RedisConnectionTest extends RedisTest {

    private RedisLockBackend backend;

    @BeforeEach
    void connect() {
        backend = closedAfterTheTest(redis.backend());
    }

    @Test
    void aSilentConnectionIsGivenUpWhileThereIsTimeToRenewOnAnother() {
        LockGrant grant = held(backend::acquire, claim("a", Duration.ofSeconds(4), LONG));
        SERVER.pause();
        try {
            assertThat(backend.renew(List.of(grant)))
                    .failsWithin(Duration.ofSeconds(4))
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisCommandTimeoutException.class);
        } finally {
            SERVER.resume();
        }
    }

    @Test
    void aSilentConnectionIsGivenUpWhileThereIsTimeToAskOnAnother() {
        held(backend::acquire, claim("opens the connections", LONG, LONG));
        SERVER.pause();
        try {
            assertThat(backend.acquire(claim("a", LONG, Duration.ofSeconds(4))))
                    .failsWithin(Duration.ofSeconds(4))
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisCommandTimeoutException.class);
        } finally {
            SERVER.resume();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWasMadeAReplicaIsLeft(RedisFaultTest.Client client) {
        try (RedisLockBackend other = client.backend(redis)) {
            held(other::acquire, claim("opens the connections", LONG, LONG));
            Set<String> before = clients();
            redis.commands().replicaof("127.0.0.1", 1);
            try {
                assertThat(other.acquire(claim("a", LONG, Duration.ZERO)))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .withMessageContaining("READONLY");
                await().atMost(PATIENCE).until(() -> Collections.disjoint(clients(), before));
            } finally {
                redis.commands().replicaofNoOne();
            }

            assertThat(Retry.untilAnswered(() -> other.acquire(claim("a", LONG, LONG))))
                    .isPresent();
        }
    }

    @Test
    void aCommandThatCannotBeWrittenFailsAloneAndTheNextOneIsSent() {
        RedisClientSource source = RedisClientSource.own(redis.uri);
        ScheduledExecutorService timer = Daemon.timer("test-timer");
        CommandLink link = new CommandLink(source::connect, new DirectLink(null, timer), timer, "the server", false);
        try {
            CompletableFuture<String> broken = link.send(commands -> {
                throw new IllegalStateException("broken");
            });

            assertThat(broken).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("broken");
            assertThat(link.send(commands -> commands.ping().toCompletableFuture()))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo("PONG");
        } finally {
            link.close();
            timer.shutdownNow();
            source.close();
        }
    }

    @Test
    void whatIsAskedForBehindAReleaseIsSentWithoutWaitingForItsAnswer() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.backend(RedisURI.create("127.0.0.1", proxy.port())));
        LockClaim first = claim("a", LONG, LONG);
        held(far::acquire, first);
        proxy.delay(LONG);

        CompletableFuture<Boolean> released = far.release(first, Duration.ZERO);
        LockClaim second = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> next = far.acquire(second);

        await().atMost(PATIENCE).until(() -> redis.stored.isHeldBy(second));
        assertThat(List.of(released, next)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aServerThatIsGoneWithoutAWordIsNoticedAlsoWhereNothingIsSent() throws IOException {
        closedAfterTheTest(redis.directBackend(redis.uri));
        backend.close();
        redis.close();

        // Of each connection to the server: kind of its timer (2 = keep-alive), and when it goes off in 10 ms.
        String remote = ":%04X 01".formatted(redis.uri.getPort());
        List<String> timers = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] field = line.strip().split("\\s+", -1);
                if ((field[2] + " " + field[3]).endsWith(remote)) {
                    timers.add(field[5]);
                }
            }
        }

        assertThat(timers).hasSizeGreaterThanOrEqualTo(3).allSatisfy(timer -> {
            assertThat(timer).startsWith("02:");
            assertThat(Integer.parseInt(timer.substring(3), 16)).isLessThan(6_000);
        });
    }

    /** The connections to the server but that of the test itself. */
    private Set<String> clients() {
        return Pattern.compile("(?m)^id=(\\d+) (?!.*cmd=client)")
                .matcher(redis.commands().clientList())
                .results()
                .map(client -> client.group(1))
                .collect(Collectors.toSet());
    }
}

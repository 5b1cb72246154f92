package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How messages come: on a connection of the client, or on a direct one. */
class RedisSubscriptionTest extends RedisTest {

    private static final String CHANNEL = "channel";

    enum Way {
        BY_CLIENT,
        DIRECT
    }

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Subscription> lost = new CopyOnWriteArrayList<>();
    private ScheduledExecutorService timer;
    private RedisClientSource client;

    @BeforeEach
    void start() {
        timer = Daemon.timer("subscription-test");
        closedAfterTheTest(timer::shutdownNow);
        client = closedAfterTheTest(RedisClientSource.own(redis.uri));
    }

    @ParameterizedTest
    @EnumSource
    void allMessagesAreHeardInTheirOrder(Way way) throws Exception {
        open(way, redis.uri);
        String longer = "x".repeat(5_000);

        List.of("one", "ü and €", "", longer)
                .forEach(message -> redis.commands().publish(CHANNEL, message));

        await().atMost(PATIENCE).until(() -> messages.size() >= 4);
        assertThat(messages).containsExactly("one", "ü and €", "", longer);
        assertThat(lost).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBrokeIsLost(Way way) throws Exception {
        Subscription subscription = open(way, redis.uri);

        assertThat(redis.commands().clientKill(KillArgs.Builder.typePubsub())).isEqualTo(1);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lost).containsExactly(subscription));
        await().atMost(PATIENCE).until(() -> !subscription.isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void whoClosesLeavesTheChannelBefore(Way way) throws Exception {
        Subscription subscription = open(way, redis.uri);
        assertThat(listeners()).isEqualTo(1);
        redis.commands().configResetstat();

        subscription.close();

        assertThat(redis.commands().info("commandstats")).contains("cmdstat_unsubscribe:calls=1,");
        assertThat(listeners()).isZero();
        assertThat(subscription.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsGivenUpIsOver(Way way) throws Exception {
        Subscription subscription = open(way, redis.uri);

        subscription.giveUp();
        subscription.giveUp();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lost).containsExactly(subscription));
        await().atMost(PATIENCE).until(() -> listeners() == 0);
    }

    @Test
    void aDirectOneSaysWhoItIs() throws Exception {
        redis.commands().configSet("requirepass", "secret");
        try {
            String address = "redis://:secret@127.0.0.1:%d/1?clientName=listener";
            open(Way.DIRECT, RedisURI.create(address.formatted(redis.uri.getPort())));

            assertThat(redis.clients("listener")).hasSize(1);
        } finally {
            redis.commands().configSet("requirepass", "");
        }
    }

    @Test
    void messagesComeByTheClientWhereThereIsNoDirectWay() {
        RedisLockBackend backend = closedAfterTheTest(RedisLockBackend.builder(redis.uri)
                .namespace(redis.namespace)
                .direct(RedisURI.create("127.0.0.1", 1))
                .build());
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquire, first);
        CompletableFuture<Optional<LockGrant>> waiting = queued(backend::acquire, claim("a", LONG, LONG));

        backend.release(first, Duration.ZERO).join();

        assertThat(waiting).succeedsWithin(PATIENCE).isNotEqualTo(Optional.empty());
    }

    @Test
    void aServerThatIsSilentIsLeftToTheClientSoon() {
        CompletableFuture<Subscription> opened = new CompletableFuture<>();
        Subscription.Source direct = DirectSubscription.source(redis.uri, timer, (channel, told, over) -> {
            throw new IllegalStateException("the client's turn");
        });
        SERVER.pause();
        try {
            Daemon.start("opener", () -> {
                try {
                    opened.complete(direct.open(CHANNEL, messages::add, lost::add));
                } catch (Exception e) {
                    opened.completeExceptionally(e);
                }
            });
            // Half of what the client itself takes, which comes on top of it.
            assertThat(opened)
                    .failsWithin(Duration.ofMillis(2_500))
                    .withThrowableThat()
                    .withMessageContaining("the client's turn");
        } finally {
            SERVER.resume();
        }
        assertThat(lost).isEmpty();
    }

    @Test
    void nobodyIsKeptByASilentServerAfterTheEnd() {
        timer.shutdownNow();
        SERVER.pause();
        try {
            assertThat(CompletableFuture.supplyAsync(() -> assertThatThrownBy(() -> open(Way.DIRECT, redis.uri))))
                    .succeedsWithin(PATIENCE);
        } finally {
            SERVER.resume();
        }
    }

    @Test
    void aClientThatWasClosedIsNotMadeAnew() {
        client.close();

        assertThatThrownBy(() -> open(Way.BY_CLIENT, redis.uri))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    private Subscription open(Way way, RedisURI uri) throws Exception {
        Subscription.Source byClient = LettuceSubscription.source(client::connectPubSub);
        Subscription.Source source = switch (way) {
            case BY_CLIENT -> byClient;
            case DIRECT ->
                DirectSubscription.source(uri, timer, (channel, told, over) -> {
                    throw new AssertionError("There was no direct way");
                });
        };
        return closedAfterTheTest(source.open(CHANNEL, messages::add, lost::add));
    }

    private long listeners() {
        return redis.commands().pubsubNumsub(CHANNEL).get(CHANNEL);
    }
}

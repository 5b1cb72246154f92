package io.distributedlock.fencing.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RedisFenceTests {

    @RegisterExtension
    static final RedisServerExtension server = RedisServerExtension.any();

    private static final RedisScript<String> SET =
            RedisScript.of("redis.call('set', KEYS[1], ARGV[1]) return #KEYS .. ' ' .. #ARGV", String.class);

    private static LettuceConnectionFactory connections;
    private static StringRedisTemplate redis;

    private final String resource = "order:" + UUID.randomUUID();
    private final String key = "{" + resource + "}:total";
    private final RedisFence fence = RedisFence.builder(redis).build();

    @BeforeAll
    static void connect() {
        connections = new LettuceConnectionFactory(
                LettuceConnectionFactory.createRedisConfiguration(RedisURI.create(server.uri())));
        connections.afterPropertiesSet();
        connections.start();
        redis = new StringRedisTemplate(connections);
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Test
    void writesForWhoeverEnteredLast() {
        RedisFence.Entry first = fence.enter(resource, token(5, "a"));
        assertThat(first.execute(SET, List.of(key), "one")).isEqualTo("1 1");
        RedisFence.Entry second = fence.enter(resource, token(6, "b"));

        assertThatThrownBy(() -> first.execute(SET, List.of(key), "late"))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining(resource);
        assertThatThrownBy(() -> fence.enter(resource, token(5, "a"))).isInstanceOf(StaleTokenException.class);
        assertThat(redis.opsForValue().get(key)).isEqualTo("one");
        second.execute(SET, List.of(key), "two");
        assertThat(redis.opsForValue().get(key)).isEqualTo("two");
    }

    @Test
    void theSameHolderEntersAgainAndAnotherWithItsTokenDoesNot() {
        fence.enter(resource, token(5, "a b"));
        fence.enter(resource, token(5, "a b"));
        assertThatThrownBy(() -> fence.enter(resource, token(5, "a"))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void tellsTokensApartThatLuaWouldRound() {
        long most = (1L << 53) - 1;
        fence.enter(resource, new FencingToken("lock", 1022, most, "a"));
        fence.enter(resource, new FencingToken("lock", 1023, most - 2, "b"));
        fence.enter(resource, new FencingToken("lock", 1023, most - 1, "c"));

        assertThatThrownBy(() -> fence.enter(resource, new FencingToken("lock", 1023, most - 2, "b")))
                .isInstanceOf(StaleTokenException.class);
    }

    @Test
    void aMarkExpiresWhenNobodyTouchesIt() {
        RedisFence.builder(redis).retention(Duration.ofDays(2)).build().enter(resource, token(5, "a"));
        assertThat(redis.getExpire("fence:{" + resource + "}", TimeUnit.HOURS)).isBetween(47L, 48L);
        fence.enter(resource, token(5, "a"));
        assertThat(redis.getExpire("fence:{" + resource + "}", TimeUnit.DAYS)).isBetween(29L, 30L);
    }

    @Test
    void refusesKeysOfAnotherSlot() {
        RedisFence.Entry entry = fence.enter(resource, token(5, "a"));
        for (String wrong : List.of("total", "{other}:total", "{}" + key, "{x}" + key)) {
            assertThatThrownBy(() -> entry.execute(SET, List.of(key, wrong), "one"))
                    .hasMessageContaining("'" + wrong + "'")
                    .hasMessageContaining("Put '{" + resource + "}' into it");
        }
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> fence.enter("a{b}", token(5, "a"))).hasMessageContaining("without braces");
        assertThatThrownBy(() -> fence.enter(" ", token(5, "a"))).hasMessageContaining("without braces");
        assertThatThrownBy(() -> fence.enter(resource, token(5, "a"))
                        .execute(RedisScript.of("#!lua flags=no-writes\nreturn 1"), List.of(key)))
                .hasMessageContaining("#!lua");
        assertThatThrownBy(() -> RedisFence.builder(redis).retention(Duration.ofHours(1)))
                .hasMessageContaining("at least a day");
        assertThatThrownBy(() -> RedisFence.builder(redis).epoch(1024)).hasMessageContaining("1023");
    }

    @Test
    void anErrorOfTheScriptIsNotSaidToBeStale() {
        RedisFence.Entry entry = fence.enter(resource, token(5, "a"));
        assertThatThrownBy(() -> entry.execute(RedisScript.of("return redis.call('nonsense')"), List.of(key)))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void refusesToBeQueuedInMulti() {
        RedisFence.Entry entry = fence.enter(resource, token(5, "a"));
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.execute(inMulti(() -> fence.enter(resource, token(6, "b")))))
                .withMessageContaining("'" + resource + "'")
                .withMessageContaining("MULTI")
                .withMessageContaining("without transaction support");
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.execute(inMulti(() -> entry.execute(SET, List.of(key), "one"))));
        assertThat(redis.hasKey(key)).isFalse();
        fence.enter(resource, token(5, "a"));
    }

    @Test
    void refusesToBeQueuedInAPipeline() {
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.executePipelined(inSession(() -> fence.enter(resource, token(6, "b")))))
                .withMessageContaining("a pipeline");
        fence.enter(resource, token(5, "a"));
    }

    @Test
    void refusesToBeQueuedInATransactionThatTheTemplateTakesPartIn() {
        StringRedisTemplate transactional = new StringRedisTemplate(connections);
        transactional.setEnableTransactionSupport(true);
        RedisFence queueing = RedisFence.builder(transactional).build();
        TransactionTemplate transaction = new TransactionTemplate(
                new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:queueing")));

        assertThatIllegalStateException()
                .isThrownBy(() -> transaction.executeWithoutResult(status -> queueing.enter(resource, token(6, "b"))))
                .withMessageContaining("enableTransactionSupport");

        transaction.executeWithoutResult(status -> fence.enter(resource, token(5, "a")));
        queueing.enter(resource, token(5, "a"));
    }

    private static SessionCallback<Object> inMulti(Runnable work) {
        return inSession(() -> {
            redis.multi();
            try {
                work.run();
                redis.exec();
            } catch (IllegalStateException e) {
                redis.discard();
                throw e;
            }
        });
    }

    private static SessionCallback<Object> inSession(Runnable work) {
        return new SessionCallback<>() {
            @Override
            public <K, V> @Nullable Object execute(RedisOperations<K, V> operations) {
                work.run();
                return null;
            }
        };
    }

    @Test
    void overlappingHoldersLoseNothing() {
        AtomicLong grants = new AtomicLong();
        AtomicInteger committed = new AtomicInteger();
        List<CompletableFuture<Void>> all = Stream.generate(() -> CompletableFuture.runAsync(
                        () -> {
                            while (committed.get() < 1_000) {
                                if (addsOne(grants.incrementAndGet())) {
                                    committed.incrementAndGet();
                                }
                                // Nobody waits in Redis: without a pause, each is overtaken by the next.
                                LockSupport.parkNanos(
                                        ThreadLocalRandom.current().nextLong(2_000_000));
                            }
                        },
                        task -> new Thread(task).start()))
                .limit(4)
                .toList();
        all.forEach(CompletableFuture::join);
        assertThat(total()).isEqualTo(committed.get());
        assertThat(grants.get()).as("some were refused").isGreaterThan(committed.get());
    }

    private boolean addsOne(long number) {
        try {
            RedisFence.Entry entry = fence.enter(resource, token(number, "holder" + number));
            entry.execute(SET, List.of(key), Integer.toString(total() + 1));
            return true;
        } catch (StaleTokenException e) {
            return false;
        }
    }

    private int total() {
        return Integer.parseInt(Objects.requireNonNullElse(redis.opsForValue().get(key), "0"));
    }

    private static FencingToken token(long number, String holder) {
        return new FencingToken("lock", 0, number, holder);
    }
}

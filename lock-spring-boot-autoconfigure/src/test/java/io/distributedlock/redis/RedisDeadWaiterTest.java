package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiters that are dead, deaf or do not move, and those behind them. */
class RedisDeadWaiterTest extends RedisTest {

    @RegisterExtension
    static final RedisServerExtension REPLICA = RedisServerExtension.own();

    private LossyClient one;
    private LossyClient two;

    @BeforeEach
    void connect() {
        one = closedAfterTheTest(new LossyClient(redis));
        two = closedAfterTheTest(new LossyClient(redis));
    }

    @Test
    void aMonitorThatHearsEverythingDoesNotMakeTheDeadLive() {
        var monitor = redis.listen();
        monitor.sync().psubscribe("*");
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        for (int i = 0; i < 3; i++) {
            one.replay(claim("a", LONG, LONG), "nobody-listens-here").join();
        }
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        one.release(holder).join();

        // Sooner than three claim times.
        assertThat(waiting)
                .succeedsWithin(Duration.ofSeconds(3))
                .satisfies(grant -> assertThat(grant).isPresent());
        monitor.close();
    }

    @Test
    void anInboxOnAReplicaHearsNothingOfAGrantThatWasNotMade() {
        Redis replica = new Redis(REPLICA.uri());
        List<String> heard = new CopyOnWriteArrayList<>();
        var inbox = replica.listen();
        inbox.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                heard.add(message);
            }
        });
        inbox.sync().subscribe("on-the-replica");
        replica.follow(redis);
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        one.replay(claim("a", LONG, LONG), "on-the-replica").join();
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        one.release(holder).join();
        redis.commands().publish("on-the-replica", "the end");

        await().atMost(PATIENCE).until(() -> heard.contains("the end"));
        assertThat(heard).containsExactly("the end");
        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
        inbox.close();
        replica.close();
    }

    @Test
    void aHeadThatDoesNotMoveCostsTheNextItsClaimTimeAtTheEndOfTheLeaseItWaitsFor() {
        LockClaim holder = claim("a", Duration.ofSeconds(3), Duration.ZERO);
        held(one::acquire, holder);
        queued(one::acquire, claim("a", LONG, LONG));
        one.postman((message, inbox) -> {});
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        one.release(holder).join();

        // The head has heard of nothing, and will not before its own last look.
        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void aWaiterLooksOnceMoreBeforeItsTimeIsOver() {
        held(one::acquire, claim("a", LONG, Duration.ZERO));
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, Duration.ofSeconds(4)));
        long before = redis.scriptCalls();

        redis.commands().del(redis.keys.lock("a"));

        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
        assertThat(redis.scriptCalls() - before).isEqualTo(1);
    }
}

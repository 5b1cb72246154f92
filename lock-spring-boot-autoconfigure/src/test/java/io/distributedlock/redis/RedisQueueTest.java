package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the store while somebody waits, and what the scripts do when it is not what they expect. */
class RedisQueueTest extends RedisTest {

    private LossyClient one;
    private LossyClient two;

    @BeforeEach
    void connect() {
        one = closedAfterTheTest(new LossyClient(redis));
        two = closedAfterTheTest(new LossyClient(redis));
    }

    @Test
    void aClaimThatAsksAgainAfterAFailureKeepsItsPlaceAndHasNoSecondOne() {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(two::acquire, holder);
        held(one::acquire, claim("opens the connections", LONG, LONG));
        LockClaim first = claim("a", LONG, Duration.ofSeconds(30));
        SERVER.pause();
        CompletableFuture<Optional<LockGrant>> failing = one.acquire(first);
        assertThat(failing).failsWithin(PATIENCE);
        SERVER.resume();
        CompletableFuture<Optional<LockGrant>> behind = queued(two::acquire, claim("a", LONG, LONG));

        CompletableFuture<Optional<LockGrant>> again = queued(one::acquire, first.withWaitTime(Duration.ofSeconds(20)));

        assertThat(redis.commands().zcard(redis.queue("a"))).isEqualTo(2);
        two.release(holder).join();
        assertThat(again)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
        assertThat(behind).isNotDone();
    }

    @Test
    void aClaimThatFailedLeavesTheQueueWithItsRelease() {
        held(two::acquire, claim("a", LONG, Duration.ZERO));
        held(one::acquire, claim("opens the connections", LONG, LONG));
        LockClaim waiter = claim("a", LONG, Duration.ofSeconds(30));
        SERVER.pause();
        CompletableFuture<Optional<LockGrant>> failing = one.acquire(waiter);
        assertThat(failing).failsWithin(PATIENCE);
        SERVER.resume();
        await().atMost(PATIENCE).until(() -> redis.stored.isQueued(waiter));

        assertThat(Retry.untilAnswered(() -> one.release(waiter))).isFalse();

        assertThat(redis.commands().exists(redis.queue("a"))).isZero();
    }

    @Test
    void aClaimThatFailedAndIsNeverReleasedIsForgottenByItsClient() {
        held(two::acquire, claim("a", LONG, Duration.ZERO));
        held(one::acquire, claim("opens the connections", LONG, LONG));
        SERVER.pause();
        assertThat(one.acquire(claim("a", Duration.ofMillis(500), Duration.ofMillis(500))))
                .failsWithin(PATIENCE);
        SERVER.resume();

        assertThat(one.knownClaims()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> one.knownClaims() == 0);
    }

    @Test
    void aClientThatDoesNotKnowAClaimTakesItOutOfTheQueueAllTheSame() {
        held(one::acquire, claim("a", LONG, Duration.ZERO));
        queued(one::acquire, claim("a", LONG, LONG));
        LockClaim waiter = claim("a", LONG, LONG);
        queued(one::acquire, waiter);
        queued(one::acquire, claim("a", LONG, LONG));

        assertThat(two.release(waiter).join()).isFalse();

        assertThat(redis.stored.isQueued(waiter)).isFalse();
        assertThat(redis.commands().zcard(redis.queue("a"))).isEqualTo(2);
    }

    @Test
    void whatSomebodyElsePutInThePlaceOfALockIsNotOverwritten() {
        String lock = redis.keys.lock("a");
        redis.commands().hset(lock, "somebody", "else");
        assertThat(one.acquire(claim("a", LONG, Duration.ZERO)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("WRONGTYPE");
        assertThat(redis.commands().hget(lock, "somebody")).isEqualTo("else");

        redis.commands().set(lock, "somebody else's");
        assertThat(one.acquire(claim("a", LONG, Duration.ZERO)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining(lock + " has a value that is not a lock");
        assertThat(redis.commands().get(lock)).isEqualTo("somebody else's");
        redis.commands().del(lock);
    }

    @Test
    void aLockThatWasMadeToStayByHandIsNotAskedForAllTheTime() {
        held(one::acquire, claim("a", Duration.ofMillis(100), Duration.ZERO));
        redis.commands().persist(redis.keys.lock("a"));
        await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
        queued(two::acquire, claim("a", LONG, LONG));
        long before = redis.scriptCalls();

        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

        assertThat(redis.scriptCalls()).isEqualTo(before);
    }

    @Test
    void aServerThatIsFullHandsOnAndGrantsNothingNew() {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        LockClaim waiter = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, waiter);
        redis.commands().configSet("maxmemory", "1");
        try {
            assertThat(one.acquire(claim("b", LONG, Duration.ZERO)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("OOM");

            assertThat(one.release(holder).join()).isTrue();

            assertThat(waiting)
                    .succeedsWithin(PATIENCE)
                    .satisfies(grant -> assertThat(grant).isPresent());
            assertThat(two.release(waiter).join()).isTrue();
            assertThat(redis.stored.leftovers()).isEmpty();
        } finally {
            redis.commands().configSet("maxmemory", "0");
        }
    }

    @Test
    void aHandOffThatCannotBeToldIsUndone() {
        redis.commands()
                .aclSetuser(
                        "mute",
                        AclSetuserArgs.Builder.on()
                                .addPassword("secret")
                                .allCommands()
                                .allKeys()
                                .allChannels()
                                .removeCommand(CommandType.PUBLISH));
        RedisURI uri =
                RedisURI.builder(redis.uri).withAuthentication("mute", "secret").build();
        RedisLockBackend mute = closedAfterTheTest(redis.backend(uri));
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(mute::acquire, holder);
        queued(two::acquire, claim("a", LONG, LONG));
        queued(two::acquire, claim("a", LONG, LONG));
        held(mute::acquire, claim("b", LONG, Duration.ZERO));
        queued(two::acquire, claim("b", LONG, LONG));

        assertThat(mute.release(holder, Duration.ZERO).join()).isTrue();
        assertThat(mute.forceRelease("b").join()).isPositive();

        assertThat(redis.stored.leftovers()).isEmpty();
    }
}

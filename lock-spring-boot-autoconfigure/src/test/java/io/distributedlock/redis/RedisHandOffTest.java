package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a lock passes from one holder to the next, and what is under it when the message gets lost. */
class RedisHandOffTest extends RedisTest {

    private LossyClient one;
    private LossyClient two;

    @BeforeEach
    void connect() {
        one = closedAfterTheTest(new LossyClient(redis));
        two = closedAfterTheTest(new LossyClient(redis));
    }

    @Test
    void aLostMessageIsMadeUpForWhenTheWaiterLooksAgain() {
        LockClaim holder = claim("a", Duration.ofSeconds(2), Duration.ZERO);
        held(one::acquire, holder);
        two.postman((message, inbox) -> {});
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", Duration.ofSeconds(2), LONG));

        one.release(holder).join();

        // The waiter looks again at the end of the holder's lease, and is told of the grant it already has.
        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void aHolderThatDiedIsFollowedAtTheEndOfItsLease() {
        held(one::acquire, claim("a", Duration.ofMillis(500), Duration.ZERO));
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void aBrokenInboxIsOpenedAgainAndAsksWhatItMissed() {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        redis.commands().clientKill(KillArgs.Builder.typePubsub());
        one.release(holder).join();

        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void waitersWhoseProcessDiedArePassedOverHoweverManyTheyAre() {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        for (int i = 0; i < 250; i++) {
            one.replay(claim("a", LONG, LONG), "nobody-listens-here").join();
        }
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, claim("a", LONG, LONG));

        one.release(holder).join();

        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void aWaiterWhoseTimeIsOverIsPassedOver() {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        held(two::acquire, claim("opens the inbox", LONG, LONG));
        two.replay(claim("a", LONG, Duration.ofMillis(100)), two.channel).join();
        CompletableFuture<Optional<LockGrant>> waiting = queued(one::acquire, claim("a", LONG, LONG));
        await().pollDelay(Duration.ofMillis(150)).until(() -> true);

        one.release(holder).join();

        assertThat(waiting)
                .succeedsWithin(PATIENCE)
                .satisfies(grant -> assertThat(grant).isPresent());
    }

    @Test
    void aStaleHandOffIsNotBelieved() {
        held(one::acquire, claim("a", LONG, Duration.ZERO));
        LockClaim waiter = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, waiter);
        long askedBefore = redis.scriptCalls();
        List<String> time = redis.commands().time();
        long now = Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));

        redis.commands().publish(two.channel, "granted " + waiter.holder() + " 7 1 " + (now - 3_000_000) + " 2000");

        await().atMost(PATIENCE).until(() -> redis.scriptCalls() > askedBefore);
        assertThat(waiting).isNotDone();
        assertThat(two.release(waiter)).succeedsWithin(PATIENCE);
    }

    @Test
    void messagesForNobodyAndNonsenseAreIgnored() {
        LockClaim holder = claim("a", LONG, LONG);
        LockGrant grant = two.acquire(holder).join().orElseThrow();
        LockClaim waiter = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(two::acquire, waiter);

        for (String message : List.of(
                "",
                "granted",
                "granted x y z 1 2",
                "look a b",
                "granted nobody 1 1 1 1",
                "granted " + holder.holder() + " 1 1 1 1")) {
            redis.commands().publish(two.channel, message);
        }

        assertThat(two.release(holder)).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(waiting.join().orElseThrow().token()).isGreaterThan(grant.token());
    }

    @Test
    void whatAClientSendsAgainAfterItsClaimWasWithdrawnDoesNotWin() {
        held(one::acquire, claim("opens the connections", LONG, LONG));
        LockClaim withdrawn = claim("a", LONG, LONG);
        SERVER.pause();
        CompletableFuture<Optional<LockGrant>> waiting = one.acquire(withdrawn);
        CompletableFuture<Boolean> released = one.release(withdrawn);
        SERVER.resume();

        assertThat(released).succeedsWithin(PATIENCE);
        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
        assertThat(one.replay(withdrawn, one.channel)).succeedsWithin(PATIENCE).isEqualTo(new Answer.Gone());
        assertThat(redis.commands().exists(redis.keys.lock("a"))).isZero();
        assertThat(redis.commands().pttl(redis.keys.handOff("a", withdrawn.holder())[3]))
                .isBetween(1L, LONG.multipliedBy(2).toMillis());
    }

    @Test
    void anOrdinaryReleaseLeavesNoTombstone() {
        LockClaim holder = claim("a", LONG, LONG);
        held(one::acquire, holder);
        one.release(holder).join();

        assertThat(redis.commands().keys("{" + redis.namespace + ":*"))
                .containsExactly(redis.keys.lock("a") + ":token");
    }

    @Test
    void allThatAQueueLeavesEndsByItself() {
        held(one::acquire, claim("a", LONG, Duration.ZERO));
        two.replay(claim("a", LONG, Duration.ofSeconds(30)), "nobody-listens-here")
                .join();
        two.replay(claim("a", LONG, Duration.ofSeconds(20)), "nobody-listens-here")
                .join();

        assertThat(redis.commands().pttl(redis.queue("a"))).isBetween(30_001L, 60_001L);
    }

    @Test
    void leasesOfDifferentLengthsAreRenewedTogether() {
        LockGrant brief = held(one::acquire, claim("a", Duration.ofSeconds(10), Duration.ZERO));
        LockGrant lengthy = held(one::acquire, claim("b", LONG, Duration.ZERO));
        LockGrant gone = held(one::acquire, claim("c", Duration.ofSeconds(10), Duration.ZERO));
        redis.commands().del(redis.keys.lock("c"));

        List<Renewal> renewals = Renewals.renew(one.scripts, List.of(brief, lengthy, gone), false)
                .join();

        assertThat(renewals.get(0))
                .matches(renewal -> ((Renewal.Renewed) renewal).lease().equals(brief.lease()));
        assertThat(renewals.get(1))
                .matches(renewal -> ((Renewal.Renewed) renewal).lease().equals(LONG));
        assertThat(renewals.get(2)).isInstanceOf(Renewal.NotHeld.class);
        // An end is rounded up to a whole millisecond, and so may be one more away than the lease is long.
        assertThat(redis.commands().pttl(redis.keys.lock("a"))).isLessThanOrEqualTo(10_001);
        assertThat(redis.commands().pttl(redis.keys.lock("b"))).isGreaterThan(10_001);
    }

    @Test
    void aForeignValueUnderOneLockSpoilsOnlyThatRenewal() {
        LockGrant spoiled = held(one::acquire, claim("a", LONG, Duration.ZERO));
        LockGrant good = held(one::acquire, claim("b", LONG, Duration.ZERO));
        redis.commands().del(redis.keys.lock("a"));
        redis.commands().hset(redis.keys.lock("a"), "somebody", "else");

        assertThat(one.scripts.renew(List.of(spoiled, good), () -> {}))
                .succeedsWithin(PATIENCE)
                .isEqualTo("01");
        redis.commands().del(redis.keys.lock("a"));
    }
}

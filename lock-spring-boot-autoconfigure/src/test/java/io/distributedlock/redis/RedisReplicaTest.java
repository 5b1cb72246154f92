package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockBackendException;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A grant of which nobody is told before a replica has it. */
@Tag("topologies")
class RedisReplicaTest extends RedisTest {

    @RegisterExtension
    static final RedisServerExtension REPLICA = RedisServerExtension.own();

    private Redis replica;
    private RedisLockBackend backend;

    @BeforeEach
    void replicate() {
        replica = closedAfterTheTest(new Redis(REPLICA.uri()));
        replica.follow(redis);
        backend = closedAfterTheTest(redis.minReplicaAcks(1).backend());
        pair("opens the connections");
    }

    @AfterEach
    void resume() {
        REPLICA.resume();
    }

    private void pair(String name) {
        LockClaim claim = claim(name, LONG, LONG);
        held(backend::acquire, claim);
        assertThat(backend.release(claim, Duration.ZERO))
                .succeedsWithin(PATIENCE)
                .isEqualTo(true);
    }

    private boolean isKnownThere(LockClaim claim) {
        String lock = replica.commands().get(redis.keys.lock(claim.name()));
        return lock != null && lock.startsWith(claim.holder() + " ");
    }

    private void areThereWhenTheyAreTold(Function<LockClaim, CompletableFuture<Optional<LockGrant>>> acquire) {
        for (int i = 0; i < 100; i++) {
            LockClaim claim = claim("lock-" + i, LONG, LONG);
            held(acquire, claim);
            assertThat(isKnownThere(claim)).isTrue();
        }
    }

    @Test
    void isThereWhenItIsTold() {
        areThereWhenTheyAreTold(backend::acquire);
    }

    @Test
    void isThereWhenItIsToldToACallerWhoseThreadIsUsed() {
        RedisLockBackend direct = closedAfterTheTest(redis.directBackend(redis.uri));
        areThereWhenTheyAreTold(direct::acquireInPlace);
    }

    @Test
    void isThereWhenItIsHandedOver() {
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquire, first);
        for (int i = 0; i < 20; i++) {
            LockClaim next = claim("a", LONG, LONG);
            CompletableFuture<Optional<LockGrant>> waiting = queued(backend::acquire, next);
            backend.release(first, Duration.ZERO).join();
            assertThat(waiting.join()).isPresent();
            assertThat(isKnownThere(next)).isTrue();
            first = next;
        }
    }

    @Test
    void isNotToldWhileNoReplicaHasItAndFoundAgainAfterwards() {
        REPLICA.pause();
        LockClaim claim = claim("a", LONG, LONG);
        assertThat(backend.acquire(claim))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(RedisException.class)
                .withMessageContaining("0 replicas of " + backend.description())
                .withMessageContaining("'a'")
                .withMessageContaining("min-replica-acks is 1");
        assertThat(redis.stored.isHeldBy(claim)).isTrue();
        REPLICA.resume();

        assertThat(Retry.untilAnswered(() -> backend.acquire(claim))).isPresent();
        assertThat(isKnownThere(claim)).isTrue();
    }

    @Test
    void isNotToldToWhoWaitedEither() {
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquire, first);
        LockClaim next = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(backend::acquire, next);
        REPLICA.pause();

        backend.release(first, Duration.ZERO).join();

        assertThat(waiting).failsWithin(PATIENCE);
        REPLICA.resume();
        assertThat(Retry.untilAnswered(() -> backend.acquire(next))).isPresent();
    }

    @Test
    void isRefusedToACallerWithTheReasonAndLeavesTheLockFree() {
        LockEngine engine = closedAfterTheTest(LockEngine.builder(backend).build());
        LockRequest request = LockRequest.of("a").waitTime(Duration.ofSeconds(3));
        REPLICA.pause();

        assertThatThrownBy(() -> engine.acquire(request))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("min-replica-acks is 1: bring replicas back");

        REPLICA.resume();
        await().atMost(PATIENCE).until(() -> redis.commands().get(redis.keys.lock("a")) == null);
        engine.acquire(request).close();
    }

    @Test
    void keepsNobodyElseWaiting() {
        LockClaim other = claim("b", LONG, LONG);
        held(backend::acquire, other);
        REPLICA.pause();

        CompletableFuture<Optional<LockGrant>> asking = backend.acquire(claim("a", LONG, LONG));
        assertThat(backend.release(other, Duration.ZERO))
                .succeedsWithin(PATIENCE)
                .isEqualTo(true);

        assertThat(asking).as("still asking the replica").isNotDone();
        assertThat(asking).failsWithin(PATIENCE);
    }

    @Test
    void endsEmptyForAClaimThatIsWithdrawnMeanwhile() {
        REPLICA.pause();
        LockClaim claim = claim("a", LONG, LONG);
        CompletableFuture<Optional<LockGrant>> asking = backend.acquire(claim);
        await().atMost(PATIENCE).until(() -> redis.stored.isHeldBy(claim));

        assertThat(backend.release(claim, Duration.ZERO))
                .succeedsWithin(PATIENCE)
                .isEqualTo(true);

        assertThat(asking).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
        assertThat(redis.stored.isHeldBy(claim)).isFalse();
    }

    @Test
    void sharesAQuestionWithThoseThatComeMeanwhile() {
        REPLICA.pause();
        CompletableFuture<Optional<LockGrant>> first = backend.acquire(claim("first", LONG, LONG));
        List<LockClaim> claims = IntStream.range(0, 100)
                .mapToObj(i -> claim("lock-" + i, LONG, LONG))
                .toList();
        List<CompletableFuture<Optional<LockGrant>>> asking =
                claims.stream().map(backend::acquire).toList();
        await().atMost(PATIENCE).until(() -> claims.stream().allMatch(redis.stored::isHeldBy));
        long before = redis.waits();
        REPLICA.resume();

        assertThat(asking).allSatisfy(each -> assertThat(each).succeedsWithin(PATIENCE));
        assertThat(first.handle((granted, failure) -> true)).succeedsWithin(PATIENCE);
        assertThat(redis.waits() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void isRefusedToOthersByTheReplicaThatTakesOver() {
        LockClaim claim = claim("a", LONG, LONG);
        LockGrant grant = held(backend::acquire, claim);
        SERVER.kill();
        try {
            replica.commands().replicaofNoOne();
            RedisLockBackend there = closedAfterTheTest(RedisLockBackend.builder(replica.uri)
                    .namespace(redis.namespace)
                    .build());

            assertThat(there.acquire(claim("a", LONG, Duration.ZERO)))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(Optional.empty());
            assertThat(there.forceRelease("a").join()).isGreaterThan(grant.token());
        } finally {
            SERVER.start();
        }
    }

    @Test
    void isNotBelievedWhenTheServerThatIsAskedDoesNotHaveIt() {
        ScheduledExecutorService timer = Daemon.timer("test-timer");
        closedAfterTheTest(timer::shutdownNow);
        RedisClientSource source = closedAfterTheTest(RedisClientSource.own(redis.uri));
        CommandLink link = new CommandLink(source::connect, new DirectLink(null, timer), timer, "Redis at here", false);
        ReplicaAcks acks = closedAfterTheTest(new ReplicaAcks(link, redis.keys, 1, "Redis at here"));
        LockClaim claim = claim("a", LONG, LONG);
        LockGrant grant = held(backend::acquire, claim);

        assertThat(acks.of(grant)).succeedsWithin(PATIENCE).isEqualTo(grant);
        LockGrant later = new LockGrant(claim, grant.token() + 1, 1, grant.validFromNanos(), grant.lease());
        assertThat(acks.of(later))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("does not have the grant of lock 'a'");
    }

    @Test
    void isNotAskedForWithoutNeed() {
        RedisLockBackend usual = closedAfterTheTest(redis.minReplicaAcks(0).backend());
        long before = redis.waits();
        held(usual::acquire, claim("a", LONG, LONG));
        assertThat(redis.waits()).isEqualTo(before);
    }

    @Test
    void isMissedBeforehandByTheHealthCheck() {
        assertThat(backend.check().join().findings()).noneMatch(finding -> finding.contains("replica"));
        RedisLockBackend demanding = closedAfterTheTest(redis.minReplicaAcks(2).backend());
        assertThat(demanding.check().join().findings())
                .anyMatch(finding -> finding.contains("min-replica-acks is 2 and 1 replicas are connected"));
    }
}

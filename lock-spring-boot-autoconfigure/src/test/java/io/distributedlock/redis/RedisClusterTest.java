package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.testkit.server.RedisClusterExtension;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is different where locks are at several servers, and move from one to another. */
@Tag("topologies")
class RedisClusterTest extends ClosingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RedisClusterExtension CLUSTER = new RedisClusterExtension(3);

    private RedisCluster redis;
    private RedisLockBackend one;
    private RedisLockBackend two;

    @BeforeEach
    void open() {
        redis = closedAfterTheTest(new RedisCluster(CLUSTER.uris()));
        one = closedAfterTheTest(redis.backend());
        two = closedAfterTheTest(redis.backendOfApplication());
    }

    private RedisCommands<String, String> at(RedisURI server) {
        RedisClient client = RedisClient.create(server);
        closedAfterTheTest(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
        return client.connect().sync();
    }

    private CompletableFuture<Optional<LockGrant>> queued(RedisLockBackend backend, LockClaim claim) {
        CompletableFuture<Optional<LockGrant>> asked = backend.acquire(claim);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> redis.stored.isQueued(claim));
        return asked;
    }

    private SlotMove slotMove(String name) {
        RedisURI source = redis.serverOf(name);
        RedisURI target = redis.masters().stream()
                .filter(server -> server.getPort() != source.getPort())
                .findFirst()
                .orElseThrow();
        return new SlotMove(redis.slotOf(name), at(source), target, at(target));
    }

    /** One at each server. */
    private List<String> names() {
        return redis.masters().stream().map(server -> redis.nameAt(server)).toList();
    }

    private static int placeOf(RedisURI server) {
        return CLUSTER.uris().indexOf(RedisAddress.of(server));
    }

    @Test
    void locksOfAllServersAreHandedOnToAnInboxAtOne() {
        for (String name : names()) {
            LockClaim first = claim(name, LONG, LONG);
            LockClaim second = claim(name, LONG, LONG);
            LockGrant held = held(one::acquire, first);
            CompletableFuture<Optional<LockGrant>> waiting = queued(two, second);

            assertThat(one.release(first, Duration.ZERO).join()).isTrue();

            // Without the message it would look again at the end of the lease.
            assertThat(waiting).succeedsWithin(PATIENCE);
            LockGrant next = waiting.join().orElseThrow();
            assertThat(next.token()).isGreaterThan(held.token());
            assertThat(next.lease()).isEqualTo(LONG);
            assertThat(two.release(second, Duration.ZERO).join()).isTrue();
        }
        assertThat(redis.stored.leftovers()).isEmpty();
    }

    @Test
    void aClaimWhoseProcessIsGoneIsPassedOverWhenItsClaimTimeIsOver() {
        String name = names().get(0);
        LockClaim first = claim(name, LONG, LONG);
        held(one::acquire, first);
        RedisLockBackend gone = redis.backend();
        queued(gone, claim(name, LONG, LONG));
        LockClaim second = claim(name, LONG, Duration.ofSeconds(20));
        CompletableFuture<Optional<LockGrant>> waiting = queued(two, second);
        gone.close();

        one.release(first, Duration.ZERO).join();

        assertThat(waiting).succeedsWithin(PATIENCE).matches(Optional::isPresent);
    }

    @Test
    void leasesAtOtherServersAreRenewedWhileOneIsSilent() {
        List<String> names = names();
        List<LockGrant> grants = names.stream()
                .map(name -> held(one::acquire, claim(name, Duration.ofSeconds(4), LONG)))
                .toList();
        int silent = placeOf(redis.serverOf(names.get(1)));
        List<Renewal> renewals;
        CLUSTER.pause(silent);
        try {
            renewals = one.renew(grants).join();
        } finally {
            CLUSTER.resume(silent);
        }
        assertThat(renewals.get(0)).isInstanceOf(Renewal.Renewed.class);
        assertThat(renewals.get(1)).isInstanceOf(Renewal.Unknown.class);
        assertThat(renewals.get(2)).isInstanceOf(Renewal.Renewed.class);
        await().atMost(PATIENCE).until(() -> at(redis.serverOf(names.get(1))).ping(), "PONG"::equals);
    }

    @Test
    void leasesElsewhereAreKeptAsLongAsAServerIsSilent() {
        List<String> names = names();
        Duration lease = Duration.ofSeconds(6);
        List<LockGrant> grants = names.stream()
                .map(name -> held(one::acquire, claim(name, lease, LONG)))
                .toList();
        CLUSTER.pause(placeOf(redis.serverOf(names.get(0))));
        try {
            for (int round = 0; round < 4; round++) {
                long asked = System.nanoTime();
                List<Renewal> renewals = one.renew(grants).join();
                assertThat(renewals.get(0)).isInstanceOf(Renewal.Unknown.class);
                assertThat(renewals.get(2)).isInstanceOf(Renewal.Renewed.class);
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .as("after that, it would be too late for the next")
                        .isLessThan(lease.dividedBy(2));
            }
        } finally {
            CLUSTER.resume(placeOf(redis.serverOf(names.get(0))));
        }
    }

    @Test
    void aServerThatHangsKeepsNobodyWaitingForOthers() {
        String name = names().get(0);
        int hung = placeOf(redis.serverOf(names().get(1)));
        CLUSTER.pause(hung);
        try {
            for (int i = 0; i < 5; i++) {
                RedisLockBackend fresh = closedAfterTheTest(redis.backendOfApplication());
                LockClaim claim = claim(name, LONG, LONG);
                assertThat(fresh.acquire(claim)).succeedsWithin(PATIENCE).matches(Optional::isPresent);
                assertThat(fresh.release(claim, Duration.ZERO).join()).isTrue();
            }
        } finally {
            CLUSTER.resume(hung);
        }
    }

    @Test
    void aLockStaysHeldWhileItMovesAndIsHandedOnWhereItIsThen() {
        String name = names().get(0);
        LockClaim first = claim(name, LONG, LONG);
        LockGrant held = held(one::acquire, first);
        LockClaim second = claim(name, LONG, LONG);
        CompletableFuture<Optional<LockGrant>> waiting = queued(two, second);
        SlotMove move = slotMove(name);

        move.begin();
        assertThat(one.renew(List.of(held)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
        move.keys();
        assertThat(one.renew(List.of(held)).join().get(0))
                .as("the server that the slot moves to is asked, as it wants to be")
                .isInstanceOf(Renewal.Renewed.class);
        move.end();
        redis.look();

        assertThat(one.release(first, Duration.ZERO).join()).isTrue();
        assertThat(waiting).succeedsWithin(PATIENCE);
        assertThat(waiting.join().orElseThrow().token()).isGreaterThan(held.token());
        assertThat(two.releaseInPlace(second, Duration.ZERO).join()).isTrue();
        assertThat(redis.stored.leftovers()).isEmpty();
    }

    @Test
    void callersWhoseThreadsAreUsedFollowALockThatHasMoved() {
        String name = names().get(0);
        LockClaim before = claim(name, LONG, LONG);
        assertThat(one.acquireInPlace(before).join()).isPresent();
        one.releaseInPlace(before, Duration.ZERO).join();
        slotMove(name).all();
        redis.look();

        for (int i = 0; i < 3; i++) {
            LockClaim after = claim(name, LONG, LONG);
            assertThat(one.acquireInPlace(after).join()).isPresent();
            assertThat(one.releasePipelined(after, Duration.ZERO).join()).isTrue();
        }
    }

    @Test
    void aServerThatIsGoneIsReplacedAndTokensGrow() {
        List<String> names = names();
        List<Long> tokens = new ArrayList<>();
        int dead = placeOf(redis.serverOf(names.get(2)));
        LockClaim elsewhere = claim(names.get(0), LONG, LONG);
        LockGrant kept = held(one::acquire, elsewhere);
        LockClaim first = claim(names.get(2), Duration.ofSeconds(5), LONG);
        tokens.add(held(one::acquire, first).token());
        CompletableFuture<Optional<LockGrant>> waiting = queued(two, claim(names.get(0), LONG, LONG));

        CLUSTER.kill(dead);
        try {
            await().atMost(PATIENCE)
                    .until(() -> Retry.untilAnswered(() -> one.acquire(claim(names.get(2), LONG, Duration.ZERO)))
                            .map(grant -> tokens.add(grant.token()))
                            .orElse(false));
            assertThat(tokens.get(1)).isGreaterThan(tokens.get(0));
            assertThat(one.renew(List.of(kept)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
            assertThat(one.release(elsewhere, Duration.ZERO).join()).isTrue();
            assertThat(waiting).succeedsWithin(PATIENCE).matches(Optional::isPresent);
        } finally {
            CLUSTER.start(dead);
            RedisCommands<String, String> replica =
                    at(RedisURI.create(CLUSTER.uris().get(dead)));
            await().atMost(PATIENCE).until(() -> replica.info("replication").contains("master_link_status:up"));
            redis.look();
        }
    }

    @Test
    void nobodyIsToldOfAGrantThatNoReplicaHas() {
        RedisLockBackend careful = closedAfterTheTest(redis.minReplicaAcks(1).backend());
        for (String name : names()) {
            LockClaim claim = claim(name, LONG, LONG);
            held(careful::acquire, claim);
            RedisCommands<String, String> replica = at(redis.replicaOf(name));
            replica.readOnly();
            assertThat(replica.get(redis.keys.lock(name))).startsWith(claim.holder());
            assertThat(careful.release(claim, Duration.ZERO).join()).isTrue();
        }
        String name = names().get(0);
        int silent = placeOf(redis.replicaOf(name));
        CLUSTER.pause(silent);
        try {
            assertThat(careful.acquire(claim(name, LONG, LONG)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("min-replica-acks is 1");
        } finally {
            CLUSTER.resume(silent);
        }
    }

    @Test
    void needsNoMoreRightsThanDocumented() {
        String user = "locks-" + redis.slotOf("a");
        CLUSTER.uris()
                .forEach(uri -> at(RedisURI.create(uri))
                        .dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), redis.userOfLocks(user)));
        RedisURI address = RedisURI.create(CLUSTER.uris().get(0));
        address.setCredentialsProvider(new StaticCredentialsProvider(user, "secret".toCharArray()));
        RedisLockBackend limited = closedAfterTheTest(redis.backend(address));
        for (String name : names()) {
            LockClaim first = claim(name, LONG, LONG);
            LockGrant held = held(limited::acquire, first);
            CompletableFuture<Optional<LockGrant>> waiting = queued(limited, claim(name, LONG, LONG));
            assertThat(limited.renew(List.of(held)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
            assertThat(limited.release(first, Duration.ZERO).join()).isTrue();
            assertThat(waiting).succeedsWithin(PATIENCE).matches(Optional::isPresent);
        }
        assertThat(limited.check().join().findings()).noneMatch(finding -> finding.contains("slots"));
    }

    @Test
    void isAsWellAsItsWorstServer() {
        at(redis.masters().get(1)).configSet("maxmemory", "100mb");
        at(redis.masters().get(1)).configSet("maxmemory-policy", "allkeys-lru");
        try {
            assertThat(one.check().join().findings())
                    .anySatisfy(finding -> assertThat(finding).contains("maxmemory-policy is allkeys-lru"));
        } finally {
            at(redis.masters().get(1)).configSet("maxmemory-policy", "noeviction");
            at(redis.masters().get(1)).configSet("maxmemory", "0");
        }
        assertThat(one.check().join().findings())
                .noneMatch(finding -> finding.contains("maxmemory") || finding.contains("coverage"));
        at(redis.masters().get(2)).configSet("cluster-require-full-coverage", "yes");
        assertThat(one.check().join().findings())
                .anySatisfy(finding -> assertThat(finding).contains("cluster-require-full-coverage is yes"));
        at(redis.masters().get(2)).configSet("cluster-require-full-coverage", "no");
        assertThat(one.check().join().roundTrip()).isPositive();
    }

    @Test
    void aServerOfAClusterIsNotTakenForTheOnlyOne() {
        RedisURI first = redis.masters().get(0);
        String elsewhere = redis.nameAt(redis.masters().get(1));
        RedisLockBackend alone = closedAfterTheTest(redis.backendOfOneServer(first));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(alone.acquire(claim(elsewhere, LONG, LONG)))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .withMessageContaining("one of the servers of a Redis Cluster")
                        .withMessageContaining("redis-cluster://"));
    }
}

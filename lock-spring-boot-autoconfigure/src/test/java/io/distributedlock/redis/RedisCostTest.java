package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What locks cost the server, in requests and in commands that scripts run. Counts, so that no machine is too slow. */
class RedisCostTest extends RedisTest {

    private static final int NESTED_PER_PAIR = 9;
    private static final int NESTED_PER_HAND_OFF = 12;

    private RedisLockBackend one;
    private RedisLockBackend two;

    @BeforeEach
    void connect() {
        one = closedAfterTheTest(redis.backend());
        two = closedAfterTheTest(redis.backend());
        for (RedisLockBackend backend : List.of(one, two)) {
            pair(backend, "opens the connections");
        }
    }

    @Test
    void anUncontendedLockCostsTwoRequests() {
        CommandCounts before = redis.counts();

        for (int i = 0; i < 100; i++) {
            pair(one, "a");
        }

        CommandCounts cost = redis.counts().since(before);
        assertThat(cost.scripts()).isEqualTo(200);
        assertThat(cost.nested()).isLessThanOrEqualTo(100 * NESTED_PER_PAIR);
    }

    @Test
    void aLockCostsTheSameHoweverManyNamesThereWere() {
        CommandCounts start = redis.counts();
        IntStream.range(0, 100).forEach(i -> pair(one, "first-" + i));
        CommandCounts first = redis.counts().since(start);
        for (int i = 0; i < 2_000; i++) {
            pair(one, "name-" + i);
        }

        CommandCounts before = redis.counts();
        IntStream.range(0, 100).forEach(i -> pair(one, "last-" + i));

        assertThat(redis.counts().since(before)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 200})
    void aHandOffCostsTheSameHoweverManyWait(int waiters) {
        LockClaim holder = claim("a", LONG, Duration.ZERO);
        held(one::acquire, holder);
        List<LockClaim> claims = new ArrayList<>();
        List<CompletableFuture<Optional<LockGrant>>> waiting = new ArrayList<>();
        CommandCounts before = redis.counts();
        for (int i = 0; i < waiters; i++) {
            claims.add(claim("a", LONG, LONG));
            waiting.add(two.acquire(claims.get(i)));
        }
        // Sent behind them on the same connection: when it is answered, they stand in the queue.
        pair(two, "answered last");

        one.release(holder, Duration.ZERO).join();
        for (int i = 0; i < waiters - 1; i++) {
            assertThat(waiting.get(i).join()).isPresent();
            two.release(claims.get(i), Duration.ZERO).join();
        }

        CommandCounts cost = redis.counts().since(before);
        assertThat(waiting.get(waiters - 1).join()).isPresent();
        assertThat(cost.scripts()).isLessThanOrEqualTo(2L * waiters + 2);
        assertThat(cost.nested()).isLessThanOrEqualTo((long) waiters * NESTED_PER_HAND_OFF + NESTED_PER_PAIR);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void aHandOffBehindWhichTheNextClaimFollowsCostsNoMore(int waiters) {
        List<LockClaim> claims = new ArrayList<>();
        List<CompletableFuture<Optional<LockGrant>>> waiting = new ArrayList<>();
        LockClaim first = claim("a", LONG, LONG);
        held(one::acquire, first);
        claims.add(first);
        for (int i = 1; i <= waiters; i++) {
            claims.add(claim("a", LONG, LONG));
            waiting.add(queued(two::acquire, claims.get(i)));
        }
        CommandCounts before = redis.counts();

        for (int i = 0; i < waiters; i++) {
            LockClaim next = claim("a", LONG, LONG);
            claims.add(next);
            Succession both = two.releaseThenAcquire(claims.get(i), Duration.ZERO, next);
            assertThat(both.released().join()).isTrue();
            waiting.add(both.acquired());
            assertThat(waiting.get(i).join()).isPresent();
        }

        assertThat(redis.counts().since(before).nested()).isLessThanOrEqualTo((long) waiters * NESTED_PER_HAND_OFF);
    }

    @Test
    void aHandOffToAndFroCostsNoMoreThoughTheQueueIsEmptyInBetween() {
        LockClaim holder = claim("a", LONG, LONG);
        held(one::acquire, holder);
        CommandCounts before = redis.counts();

        for (int i = 1; i <= 100; i++) {
            LockClaim next = claim("a", LONG, LONG);
            CompletableFuture<Optional<LockGrant>> waiting = backend(i).acquire(next);
            pair(backend(i), "answered last");
            backend(i - 1).release(holder, Duration.ZERO).join();
            assertThat(waiting.join()).isPresent();
            holder = next;
        }

        CommandCounts cost = redis.counts().since(before);
        assertThat(cost.scripts()).isLessThanOrEqualTo(400);
        assertThat(cost.nested()).isLessThanOrEqualTo(100 * (NESTED_PER_HAND_OFF + NESTED_PER_PAIR));
    }

    @Test
    void sixteenThreadsOfAnInstanceCostAtMostOneRequestInTenGrants() {
        int grantsOfEach = 100;
        LockRequest request = LockRequest.of("a").waitTime(LONG).leaseTime(LONG);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        closedAfterTheTest(threads::shutdownNow);
        try (LockEngine engine =
                LockEngine.builder(one).localHandOffs(64).localHandOffTime(LONG).build()) {
            Lease first = engine.acquire(request);
            Runnable grants = () -> IntStream.range(0, grantsOfEach)
                    .forEach(i -> engine.acquire(request).close());
            List<CompletableFuture<Void>> callers = IntStream.range(0, 16)
                    .mapToObj(i -> CompletableFuture.runAsync(grants, threads))
                    .toList();
            await().atMost(PATIENCE).until(() -> engine.waiting().getOrDefault("a", 0) == 16);
            CommandCounts before = redis.counts();

            first.close();
            assertThat(callers).allSatisfy(caller -> assertThat(caller).succeedsWithin(LONG));

            assertThat(redis.counts().since(before).scripts()).isLessThanOrEqualTo(16 * grantsOfEach / 10);
        }
    }

    @Test
    void aRenewalIsOneRequestForTwoHundredLeases() {
        List<LockGrant> grants = IntStream.range(0, 450)
                .mapToObj(i -> held(one::acquire, claim("lock-" + i, LONG, Duration.ZERO)))
                .toList();
        CommandCounts before = redis.counts();

        List<Renewal> renewals = one.renew(grants).join();

        CommandCounts cost = redis.counts().since(before);
        assertThat(renewals).hasSize(450).allMatch(Renewal.Renewed.class::isInstance);
        assertThat(cost.scripts()).isEqualTo(3);
        assertThat(cost.nested()).isLessThanOrEqualTo(450 + 2 * 3);
    }

    @Test
    void thoseWhoWaitCostNothingBeforeTheLeaseTheyWaitForEnds() {
        held(one::acquire, claim("a", LONG, Duration.ZERO));
        List<CompletableFuture<Optional<LockGrant>>> waiting =
                List.of(queued(one::acquire, claim("a", LONG, LONG)), queued(two::acquire, claim("a", LONG, LONG)));
        long before = redis.scriptCalls();

        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);

        assertThat(redis.scriptCalls() - before).isZero();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void theCallersOfAnInstanceThatWaitLookOnceInALeaseThatIsRenewed(int callers) {
        Duration lease = Duration.ofMillis(1_500);
        LockGrant grant = held(one::acquire, claim("a", lease, Duration.ZERO));
        try (LockEngine engine = LockEngine.builder(two).build()) {
            List<CompletableFuture<Lease>> waiting = IntStream.range(0, callers)
                    .mapToObj(i -> engine.acquireAsync(
                            LockRequest.of("a").waitTime(LONG).leaseTime(LONG)))
                    .toList();
            await().atMost(PATIENCE).until(() -> one.inspect("a").join().waiters() == 1);
            long start = System.nanoTime();
            CommandCounts before = redis.counts();

            int renewals = renewForFourLeases(grant, lease);

            long looks = redis.scriptCalls() - before.scripts() - renewals;
            // One in a lease, if renewals are punctual; a late one has two thirds of a lease left when it is looked at.
            long atMost = 1
                    + (System.nanoTime() - start)
                            / lease.multipliedBy(2).dividedBy(3).toNanos();
            assertThat(looks).isBetween(1L, atMost);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            waiting.forEach(caller -> caller.cancel(false));
        }
    }

    /** As a watchdog does it. */
    private int renewForFourLeases(LockGrant grant, Duration lease) {
        int renewals = 3 * 4;
        for (int i = 0; i < renewals; i++) {
            await().pollDelay(lease.dividedBy(3)).until(() -> true);
            assertThat(one.renew(List.of(grant)).join()).allMatch(Renewal.Renewed.class::isInstance);
        }
        return renewals;
    }

    private RedisLockBackend backend(int number) {
        return number % 2 == 0 ? one : two;
    }

    private static void pair(RedisLockBackend backend, String name) {
        LockClaim claim = claim(name, LONG, LONG);
        held(backend::acquire, claim);
        assertThat(backend.release(claim, Duration.ZERO).join()).isTrue();
    }
}

package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Releases of callers who do not wait for the answer and are alone: they send by themselves, and somebody else reads. */
class RedisPipelinedTest extends RedisTest {

    private RedisLockBackend backend;

    @BeforeEach
    void connect() {
        backend = closedAfterTheTest(redis.directBackend(redis.uri));
    }

    @Test
    void areAnsweredWhenTheNextRequestIs() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(RedisURI.create("127.0.0.1", proxy.port())));
        LockClaim first = claim("a", LONG, LONG);
        held(far::acquireInPlace, first);
        proxy.delay(Duration.ofMillis(50));

        CompletableFuture<Boolean> released = far.releasePipelined(first, Duration.ZERO);
        assertThat(released).isNotDone();
        CompletableFuture<Optional<LockGrant>> next = far.acquireInPlace(claim("b", LONG, LONG));

        assertThat(next).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(released).isCompletedWithValue(true);
    }

    /** Whoever comes next reads it, and the timer wants to, too, when the answer takes that long. */
    @Test
    void areReadByOneAtATime() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(RedisURI.create("127.0.0.1", proxy.port())));
        proxy.delay(Duration.ofMillis(30));
        for (int i = 0; i < 40; i++) {
            LockClaim first = claim("a", LONG, LONG);
            held(far::acquireInPlace, first);

            CompletableFuture<Boolean> released = far.releasePipelined(first, Duration.ZERO);
            LockClaim second = claim("b", LONG, LONG);
            CompletableFuture<Optional<LockGrant>> next = far.acquireInPlace(second);

            assertThat(next).succeedsWithin(PATIENCE).matches(Optional::isPresent);
            assertThat(released).succeedsWithin(PATIENCE).isEqualTo(true);
            assertThat(far.releaseInPlace(second, Duration.ZERO))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(true);
        }
    }

    @Test
    void areAnsweredWhenNobodyComes() {
        LockClaim claim = claim("a", LONG, LONG);
        held(backend::acquireInPlace, claim);

        CompletableFuture<Boolean> released = backend.releasePipelined(claim, Duration.ZERO);

        assertThat(released).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(redis.stored.isHeldBy(claim)).isFalse();
    }

    @Test
    void areNotOvertakenByWhatIsSentForOthers() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            LockClaim claim = claim("a", LONG, LONG);
            held(backend::acquireInPlace, claim);
            CompletableFuture<Boolean> released = backend.releasePipelined(claim, Duration.ZERO);

            LockClaim next = claim("a", LONG, Duration.ZERO);
            assertThat(backend.acquire(next).join()).isPresent();

            assertThat(released).succeedsWithin(PATIENCE).isEqualTo(true);
            assertThat(backend.release(next, Duration.ZERO).join()).isTrue();
        }
    }

    @Test
    void failWithTheConnectionAndKeepNobodyElse() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisURI address = RedisURI.create("127.0.0.1", proxy.port());
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(address));
        LockClaim claim = claim("a", LONG, LONG);
        held(far::acquireInPlace, claim);
        proxy.delay(LONG);
        CompletableFuture<Boolean> released = far.releasePipelined(claim, Duration.ZERO);
        CompletableFuture<Optional<LockGrant>> behind = far.acquire(claim("b", LONG, LONG));

        redis.clients(address.getClientName())
                .forEach(id -> redis.commands().clientKill(KillArgs.Builder.id(Long.parseLong(id))));
        proxy.delay(Duration.ZERO);

        assertThat(released).failsWithin(PATIENCE);
        assertThat(behind).satisfies(answer -> await().atMost(PATIENCE).until(answer::isDone));
        assertThat(Retry.untilAnswered(() -> far.acquire(claim("c", LONG, LONG))))
                .isPresent();
    }

    @Test
    void doNotKeepOthersForEverWhenTheServerIsSilent() {
        LockClaim claim = claim("a", LONG, LONG);
        held(backend::acquireInPlace, claim);
        SERVER.pause();
        try {
            assertThat(backend.releasePipelined(claim, Duration.ZERO)).failsWithin(PATIENCE);
        } finally {
            SERVER.resume();
        }
        assertThat(Retry.untilAnswered(() -> backend.acquire(claim("b", LONG, LONG))))
                .isPresent();
    }

    @Test
    void doNotKeepRenewalsWhenOnlyTheirConnectionIsSilent() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisURI address = RedisURI.create("127.0.0.1", proxy.port());
        address.setClientName("direct-" + UUID.randomUUID());
        RedisLockBackend half = closedAfterTheTest(RedisLockBackend.builder(redis.uri)
                .namespace(redis.namespace)
                .direct(address)
                .build());
        LockGrant renewed = held(half::acquire, claim("renewed", LONG, LONG));
        await().atMost(PATIENCE)
                .until(() -> Redis.isInPlace(half)
                        && redis.callers(address.getClientName()).size() == 1);
        LockClaim claim = claim("a", LONG, LONG);
        held(half::acquireInPlace, claim);
        proxy.delay(LONG);
        List<String> order = new CopyOnWriteArrayList<>();

        CompletableFuture<?> released =
                half.releasePipelined(claim, Duration.ZERO).whenComplete((had, failure) -> order.add("release"));
        half.acquire(claim("b", LONG, LONG)).thenRun(() -> order.add("claim")); // is held back
        half.renew(List.of(renewed)).thenRun(() -> order.add("renewal"));

        assertThat(released).failsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> order.size() == 3);
        assertThat(order.get(0)).isEqualTo("renewal");
    }

    @Test
    void failWhenTheBackendIsClosed() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = redis.directBackend(RedisURI.create("127.0.0.1", proxy.port()));
        LockClaim claim = claim("a", LONG, LONG);
        held(far::acquireInPlace, claim);
        proxy.delay(LONG);
        CompletableFuture<Boolean> released = far.releasePipelined(claim, Duration.ZERO);

        far.close();

        assertThat(released).isCompletedExceptionally();
    }

    /** One of them is sent by its caller; its answer must not be given to the other. */
    @Test
    void areEachAnsweredWhenTwoComeAtTheSameTime() {
        for (int i = 0; i < 2_000; i++) {
            LockClaim held = claim("a", LONG, LONG);
            held(backend::acquireInPlace, held);
            LockClaim unknown = claim("b", LONG, LONG);

            CompletableFuture<CompletableFuture<Boolean>> other =
                    CompletableFuture.supplyAsync(() -> backend.releasePipelined(unknown, Duration.ZERO));
            CompletableFuture<Boolean> released = backend.releasePipelined(held, Duration.ZERO);

            assertThat(released).succeedsWithin(PATIENCE).isEqualTo(true);
            assertThat(other.join()).succeedsWithin(PATIENCE).isEqualTo(false);
        }
    }

    @Test
    void keepTheirOrderHoweverManyThreadsThereAre() {
        try (LockEngine engine =
                LockEngine.builder(backend).release(ReleaseMode.PIPELINED).build()) {
            List<CompletableFuture<Void>> workers = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                LockRequest own = LockRequest.of("own-" + worker).waitTime(Duration.ZERO);
                LockRequest shared = LockRequest.of("shared").waitTime(LONG);
                workers.add(CompletableFuture.runAsync(() -> IntStream.range(0, 1_000)
                        .forEach(i -> {
                            if (ThreadLocalRandom.current().nextInt(10) == 0) {
                                engine.acquireAsync(shared).join().close();
                            }
                            try (Lease lease = engine.acquire(own)) {
                                assertThat(lease.isHeld()).isTrue();
                            }
                        })));
            }

            assertThat(CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(LONG);
        }
        assertThat(redis.stored.leftovers()).isEmpty();
    }
}

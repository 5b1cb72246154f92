package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.server.RedisServerExtension;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that dies at once, between the grant of a hand-off and the message that tells of it. */
class RedisCrashTest extends RedisTest {

    @RegisterExtension
    static final RedisServerExtension DURABLE = RedisServerExtension.own().durable();

    private static final Duration LEASE = Duration.ofSeconds(2);

    /** Lease, jitter and claim time, and some time for the server to come back. */
    private static final Duration SAFETY_PERIOD =
            LEASE.plusMillis(100).plusSeconds(2).plusSeconds(5);

    /** What a server knows after a crash. */
    enum Memory {
        LOST,
        KEPT
    }

    /** What becomes of it. */
    enum Afterwards {
        /** A busy machine may tell a caller so much later that its time is over. */
        STAYS_AWAY(Duration.ofSeconds(3), Duration.ofSeconds(6)),

        /** Those who wait hear of it, long before they would look once more by themselves. */
        COMES_BACK(LONG, PATIENCE);

        final Duration waitTime;
        final Duration longest;

        Afterwards(Duration waitTime, Duration longest) {
            this.waitTime = waitTime;
            this.longest = longest;
        }
    }

    private record Ending(Duration waited, boolean isGrant) {}

    private LossyClient holder;
    private LossyClient next;
    private LossyClient other;
    private LockGrant first;
    private LockClaim told;
    private LockClaim behind;
    private long handedOnNanos;

    @ParameterizedTest
    @EnumSource
    void theClaimThatWasNotToldAsksAgainAndIsFollowedByTheNext(Memory memory) {
        Message.Granted lost = crashBetweenGrantAndMessage(memory);

        LockGrant second = again(next, told);
        // On a busy machine a server may take longer to come back than a lock is kept for a claim that was not told.
        boolean isInClaimTime = System.nanoTime() - handedOnNanos < TimeUnit.SECONDS.toNanos(2);
        assertThat(Retry.untilAnswered(() -> next.release(told))).isTrue();
        LockGrant third = again(other, behind);

        assertThat(lost.token()).isGreaterThan(first.token());
        if (memory == Memory.KEPT && isInClaimTime) {
            assertThat(second.token()).isEqualTo(lost.token());
        } else {
            assertThat(second.token()).isGreaterThan(lost.token());
        }
        assertThat(third.token()).isGreaterThan(second.token());
    }

    @ParameterizedTest
    @EnumSource
    void aClaimThatDiesWithItsServerIsFollowedWithinTheSafetyPeriod(Memory memory) {
        Message.Granted lost = crashBetweenGrantAndMessage(memory);
        next.close();

        LockGrant third = again(other, behind);

        assertThat(third.token()).isGreaterThan(lost.token());
    }

    @ParameterizedTest
    @EnumSource
    void noCallerWaitsTooLongNorInVainForAServerThatComesBack(Afterwards afterwards) throws Exception {
        SlowProxy line = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend near = closedAfterTheTest(redis.backend());
        LockClaim held = claim("a", LONG, Duration.ZERO);
        held(near::acquire, held);
        ExecutorService threads = Executors.newCachedThreadPool();
        closedAfterTheTest(threads::shutdownNow);
        List<LockEngine> instances = List.of(instance(line), instance(line));
        LockRequest request = LockRequest.of("a").waitTime(afterwards.waitTime);
        List<CompletableFuture<Ending>> calls = new ArrayList<>();
        for (LockEngine instance : instances) {
            for (int i = 0; i < 3; i++) {
                calls.add(
                        timed(threads, () -> CompletableFuture.supplyAsync(() -> instance.acquire(request), threads)));
                calls.add(timed(threads, () -> instance.acquireAsync(request)));
            }
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> redis.commands().zcard(redis.queue("a")) == 2
                        && instances.stream()
                                .allMatch(instance -> instance.waiting().get("a") == 6));

        line.delay(LONG);
        assertThat(near.release(held, Duration.ZERO).join()).isTrue();
        assertThat(redis.commands().exists(redis.keys.lock("a"))).isOne();
        SERVER.kill();
        assertThat(calls).noneMatch(CompletableFuture::isDone);
        line.delay(Duration.ZERO);
        try {
            if (afterwards == Afterwards.COMES_BACK) {
                SERVER.start();
            }

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call).succeedsWithin(afterwards.waitTime.plus(PATIENCE)))
                    .extracting(CompletableFuture::join)
                    .allSatisfy(ending -> {
                        assertThat(ending.waited).isLessThan(afterwards.longest);
                        assertThat(ending.isGrant || afterwards == Afterwards.STAYS_AWAY)
                                .as("has got the lock")
                                .isTrue();
                    });
        } finally {
            SERVER.start();
        }
    }

    /** One of an application, with its connections opened. */
    private LockEngine instance(SlowProxy line) {
        RedisLockBackend backend = closedAfterTheTest(redis.backend(RedisURI.create("127.0.0.1", line.port())));
        LockEngine instance = closedAfterTheTest(LockEngine.builder(backend).build());
        instance.acquire(LockRequest.of("opens the connections")).close();
        return instance;
    }

    /** How long a call takes that may end in any way that is documented. What it gets is given back at once. */
    private static CompletableFuture<Ending> timed(Executor threads, Supplier<CompletableFuture<Lease>> call) {
        long from = System.nanoTime();
        return call.get().handle((lease, failure) -> {
            Duration waited = Duration.ofNanos(System.nanoTime() - from);
            if (failure == null) {
                threads.execute(lease::close);
            } else {
                assertThat(Failures.cause(failure))
                        .isInstanceOfAny(LockNotAcquiredException.class, LockBackendException.class);
            }
            return new Ending(waited, failure == null);
        });
    }

    /** The lock is handed on, the server dies, and with it the message; it comes back. */
    private Message.Granted crashBetweenGrantAndMessage(Memory memory) {
        RedisServerExtension server = memory == Memory.KEPT ? DURABLE : SERVER;
        Redis there = closedAfterTheTest(new Redis(server.uri()));
        holder = closedAfterTheTest(new LossyClient(there));
        next = closedAfterTheTest(new LossyClient(there));
        other = closedAfterTheTest(new LossyClient(there));
        LockClaim held = claim("a", LEASE, Duration.ZERO);
        first = held(holder::acquire, held);
        told = claim("a", LEASE, SAFETY_PERIOD);
        behind = claim("a", LEASE, SAFETY_PERIOD);
        CompletableFuture<String> message = new CompletableFuture<>();
        next.postman((text, inbox) -> message.complete(text));
        CompletableFuture<Optional<LockGrant>> nextWaits = queued(there, next::acquire, told);
        CompletableFuture<Optional<LockGrant>> otherWaits = queued(there, other::acquire, behind);

        handedOnNanos = System.nanoTime();
        assertThat(holder.release(held).join()).isTrue();
        Message sent = Message.parse(
                message.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
        server.kill();
        assertThat(nextWaits).failsWithin(PATIENCE);
        assertThat(otherWaits).failsWithin(PATIENCE);
        server.start();
        return (Message.Granted) sent;
    }

    /** What is left of a wait time only grows shorter, so the whole of it is the longest that a claim may ask for. */
    private static LockGrant again(LossyClient client, LockClaim claim) {
        return Retry.untilAnswered(() -> client.acquire(claim)).orElseThrow();
    }
}

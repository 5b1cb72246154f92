package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Succession;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Callers that wait for their answers and are alone: they send and read by themselves. */
class RedisInPlaceTest extends RedisTest {

    /** A test has at most this long between two answers on the direct connection for a broken one to be found unasked. */
    private static final Duration IDLE = Duration.ofMillis(200);

    private RedisLockBackend backend;

    @BeforeEach
    void connect() {
        backend = closedAfterTheTest(redis.directBackend(redis.uri));
    }

    @Test
    void findTheAnswerThereWhenTheCallReturns() {
        LockClaim claim = claim("a", LONG, LONG);

        CompletableFuture<Optional<LockGrant>> acquired = backend.acquireInPlace(claim);
        assertThat(acquired).isDone();
        CompletableFuture<Boolean> released = backend.releaseInPlace(claim, Duration.ZERO);
        assertThat(released).isDone();

        assertThat(acquired.join()).isPresent();
        assertThat(released.join()).isTrue();
        assertThat(redis.stored.isHeldBy(claim)).isFalse();
    }

    @Test
    void areNotKeptWhileTheyStandInTheQueue() {
        LockClaim holder = claim("a", LONG, LONG);
        held(backend::acquireInPlace, holder);

        CompletableFuture<Optional<LockGrant>> waiting = queued(backend::acquireInPlace, claim("a", LONG, LONG));
        assertThat(waiting).isNotDone();

        backend.releaseInPlace(holder, Duration.ZERO);
        assertThat(waiting).succeedsWithin(PATIENCE).isNotEqualTo(Optional.empty());
    }

    @Test
    void sendBehindWhatIsUnderWayForOthers() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(RedisURI.create("127.0.0.1", proxy.port())));
        LockClaim first = claim("a", LONG, LONG);
        held(far::acquireInPlace, first);
        proxy.delay(LONG);

        CompletableFuture<Boolean> released = far.release(first, Duration.ZERO);
        LockClaim second = claim("a", LONG, Duration.ZERO);
        CompletableFuture<Optional<LockGrant>> next = far.acquireInPlace(second);

        await().atMost(PATIENCE).until(() -> redis.stored.isHeldBy(second));
        assertThat(released).isNotDone();
        assertThat(next).isNotDone();
    }

    @Test
    void sendAReleaseAndTheNextClaimInOneRequest() {
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquireInPlace, first);
        LockClaim second = claim("a", LONG, LONG);
        long before = redis.scriptCalls();

        Succession both = backend.releaseThenAcquire(first, Duration.ZERO, second);

        assertThat(both.released()).isCompletedWithValue(true);
        assertThat(both.acquired()).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(redis.scriptCalls()).isEqualTo(before + 1);
        assertThat(redis.stored.isHeldBy(second)).isTrue();
    }

    @Test
    void sendBothBehindWhatIsUnderWayForOthers() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(RedisURI.create("127.0.0.1", proxy.port())));
        LockClaim first = claim("a", LONG, LONG);
        held(far::acquireInPlace, first);
        proxy.delay(LONG);
        CompletableFuture<Optional<LockGrant>> other = far.acquire(claim("b", LONG, LONG));
        LockClaim second = claim("a", LONG, LONG);

        Succession both = far.releaseThenAcquire(first, Duration.ZERO, second);

        await().atMost(PATIENCE).until(() -> redis.stored.isHeldBy(second));
        assertThat(other).isNotDone();
        assertThat(both.released()).isNotDone();
        assertThat(both.acquired()).isNotDone();
    }

    @Test
    void sendANameThatIsKeptAndTheNextClaimOneBehindTheOther() {
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquireInPlace, first);
        LockClaim second = claim("a", LONG, Duration.ZERO);

        Succession both = backend.releaseThenAcquire(first, LONG, second);

        assertThat(both.released()).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(both.acquired()).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
    }

    @Test
    void haveTheirOwnTimeForAReleaseHoweverLittleTheNextOneHasLeft() throws Exception {
        SlowProxy proxy = closedAfterTheTest(new SlowProxy(redis.uri.getPort()));
        RedisLockBackend far = closedAfterTheTest(redis.directBackend(RedisURI.create("127.0.0.1", proxy.port())));
        LockClaim first = claim("a", LONG, LONG);
        held(far::acquireInPlace, first);
        proxy.delay(Duration.ofMillis(100));

        Succession both = far.releaseThenAcquire(first, Duration.ZERO, claim("a", LONG, Duration.ofMillis(1)));

        assertThat(both.released()).isCompletedWithValue(true);
    }

    @Test
    void hearBothFailWhenTheConnectionBreaks() {
        LockClaim first = claim("a", LONG, LONG);
        held(backend::acquireInPlace, first);
        LockClaim second = claim("a", LONG, LONG);
        SERVER.pause();
        try {
            Succession both = backend.releaseThenAcquire(first, Duration.ZERO, second);

            assertThat(both.released())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisCommandTimeoutException.class);
            assertThat(both.acquired()).failsWithin(PATIENCE);
        } finally {
            SERVER.resume();
        }
        assertThat(Retry.untilAnswered(() -> backend.acquire(second))).isPresent();
    }

    @Test
    void hearAnInterruptWhileTheServerIsSilent() throws Exception {
        LockClaim claim = claim("a", LONG, LONG);
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<Optional<LockGrant>> answer = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            backend.acquireInPlace(claim).whenComplete((grant, error) -> answer.completeExceptionally(error));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        SERVER.pause();
        try {
            caller.start();
            await().atMost(PATIENCE).until(() -> isReading(caller));
            caller.interrupt();
            caller.join(3_000); // a silent server would be waited for for 5 s
            assertThat(caller.isAlive()).isFalse();
        } finally {
            SERVER.resume();
        }
        assertThat(answer).isCompletedExceptionally();
        assertThat(interrupted).isTrue();

        // The request is still in the server's socket: it must not win after the release.
        Retry.untilAnswered(() -> backend.release(claim, Duration.ZERO));
        await().atMost(PATIENCE).during(Duration.ofMillis(500)).until(() -> !redis.stored.isHeldBy(claim));
    }

    @Test
    void whoAreInterruptedAlreadyDoNotBreakTheConnection() {
        LockClaim claim = claim("a", LONG, LONG);
        held(backend::acquireInPlace, claim);
        Set<String> before = clients();

        Thread.currentThread().interrupt();
        CompletableFuture<Boolean> released = backend.releaseInPlace(claim, Duration.ZERO);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(released).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(clients()).isEqualTo(before);
    }

    @Test
    void giveUpAServerThatStandsStillWhenTheirWaitTimeIsOver() {
        LockClaim claim = claim("a", LONG, Duration.ofMillis(300));
        SERVER.pause();
        long start = System.nanoTime();
        try {
            assertThat(backend.acquireInPlace(claim))
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisCommandTimeoutException.class)
                    .withMessageContaining(backend.description());
        } finally {
            SERVER.resume();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));

        Retry.untilAnswered(() -> backend.release(claim, Duration.ZERO));
        assertThat(Retry.untilAnswered(() -> backend.acquireInPlace(claim("a", LONG, LONG))))
                .isPresent();
    }

    @Test
    void doNotHearOfAConnectionThatBrokeWhileItWasIdle() {
        long lastOpened = redis.callers(redis.uri.getClientName()).stream()
                .mapToLong(Long::parseLong)
                .max()
                .orElseThrow();
        redis.commands().clientKill(KillArgs.Builder.id(lastOpened));
        await().pollDelay(IDLE).atMost(PATIENCE).until(() -> true);

        LockClaim claim = claim("a", LONG, LONG);
        assertThat(backend.acquireInPlace(claim)).succeedsWithin(PATIENCE).isNotEqualTo(Optional.empty());
        assertThat(backend.releaseInPlace(claim, Duration.ZERO))
                .succeedsWithin(PATIENCE)
                .isEqualTo(true);
        redis.awaitDirect(backend, redis.uri.getClientName());
    }

    @Test
    void leaveAServerThatWasMadeAReplica() {
        Set<String> before = clients();
        redis.commands().replicaof("127.0.0.1", 1);
        try {
            assertThat(backend.acquireInPlace(claim("a", LONG, Duration.ZERO)))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("READONLY");
            await().atMost(PATIENCE).until(() -> {
                Set<String> stillThere = new HashSet<>(before);
                stillThere.retainAll(clients());
                return stillThere.isEmpty();
            });
        } finally {
            redis.commands().replicaofNoOne();
        }
        assertThat(Retry.untilAnswered(() -> backend.acquireInPlace(claim("a", LONG, LONG))))
                .isPresent();
    }

    @Test
    void sendAScriptThatTheServerForgotAsAWhole() {
        redis.commands().scriptFlush();
        assertThat(backend.acquireInPlace(claim("a", LONG, LONG)).join()).isPresent();
    }

    @Test
    void keepAConnectionOnWhichTheServerAnsweredWithAnError() {
        redis.commands().rpush(redis.keys.lock("a"), "not a lock");
        Set<String> before = clients();
        assertThat(backend.acquireInPlace(claim("a", LONG, LONG)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("WRONGTYPE");
        redis.commands().del(redis.keys.lock("a"));
        assertThat(backend.acquireInPlace(claim("b", LONG, LONG)).join()).isPresent();
        assertThat(clients()).isEqualTo(before);
    }

    @Test
    void useTheUserThePasswordAndTheDatabaseOfTheUri() {
        redis.commands().configSet("requirepass", "secret");
        try {
            RedisURI uri = RedisURI.create("redis://:secret@127.0.0.1:%d/1".formatted(redis.uri.getPort()));
            RedisLockBackend other = closedAfterTheTest(redis.directBackend(uri));
            LockClaim claim = claim("a", LONG, LONG);
            assertThat(other.acquireInPlace(claim)).isDone();
            redis.commands().select(1);
            assertThat(redis.stored.isHeldBy(claim)).isTrue();
        } finally {
            redis.commands().configSet("requirepass", "");
        }
    }

    @Test
    void shareOneConnectionIfThereIsToBeNoOther() {
        RedisURI uri = RedisURI.create(redis.uri.toURI());
        uri.setClientName("shared");
        try (RedisLockBackend shared = RedisLockBackend.builder(uri)
                .direct(null)
                .namespace(redis.namespace)
                .build()) {
            for (int i = 0; i < 100; i++) {
                LockClaim claim = claim("a", LONG, LONG);
                assertThat(shared.acquireInPlace(claim).join()).isPresent();
                assertThat(shared.releaseInPlace(claim, Duration.ZERO).join()).isTrue();
            }
            assertThat(redis.clients("shared")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rediss://127.0.0.1:6379",
                "redis-sentinel://127.0.0.1:26379/0#master",
                "redis-socket:///tmp/redis.sock"
            })
    void haveNoConnectionOfTheirOwnByOtherWaysThanTcpToOneServer(String uri) {
        assertThat(DirectLink.isPossible(RedisURI.create(uri))).isFalse();
    }

    @Test
    void haveNoConnectionOfTheirOwnWithCredentialsThatChangeMeanwhile() {
        assertThat(DirectLink.isPossible(redis.uri)).isTrue();
        RedisURI uri = RedisURI.create(redis.uri.toURI());
        uri.setCredentialsProvider(new RedisCredentialsProvider() {
            @Override
            public Mono<RedisCredentials> resolveCredentials() {
                return Mono.just(RedisCredentials.just("user", "password"));
            }

            @Override
            public boolean supportsStreaming() {
                return true;
            }

            @Override
            public Flux<RedisCredentials> credentials() {
                return Flux.empty();
            }
        });
        assertThat(DirectLink.isPossible(uri)).isFalse();
    }

    private Set<String> clients() {
        return redis.clients(redis.uri.getClientName());
    }

    private static boolean isReading(Thread caller) {
        for (StackTraceElement frame : caller.getStackTrace()) {
            if (frame.getClassName().equals(DirectSocket.class.getName())
                    && frame.getMethodName().equals("read")) {
                return true;
            }
        }
        return false;
    }
}

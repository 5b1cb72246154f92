package io.distributedlock.redis;

import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests on a server of their own, each in a namespace of its own. */
abstract class RedisTest extends ClosingTest {

    /** In which everything has to happen that does not wait for {@link #LONG}. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.own();

    Redis redis;

    @BeforeEach
    void openNamespace() {
        redis = closedAfterTheTest(new Redis(SERVER.uri()));
    }

    /** Asks, and returns when the claim stands in the queue. */
    final CompletableFuture<Optional<LockGrant>> queued(
            Function<LockClaim, CompletableFuture<Optional<LockGrant>>> acquire, LockClaim claim) {
        return queued(redis, acquire, claim);
    }

    static CompletableFuture<Optional<LockGrant>> queued(
            Redis there, Function<LockClaim, CompletableFuture<Optional<LockGrant>>> acquire, LockClaim claim) {
        CompletableFuture<Optional<LockGrant>> asked = acquire.apply(claim);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> there.stored.isQueued(claim));
        return asked;
    }
}

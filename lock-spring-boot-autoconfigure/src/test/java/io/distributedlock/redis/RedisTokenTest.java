package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens grow whatever happens to the server. */
class RedisTokenTest extends RedisTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private RedisLockBackend backend;

    @BeforeEach
    void connect() {
        backend = closedAfterTheTest(redis.backend());
    }

    @Test
    void theyGrowOverLossOfAllData() {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            LockGrant grant = grant(claim("a", LEASE, Duration.ZERO, Duration.ZERO, 64));
            tokens.add(grant.token());
            tokens.add(grant.token() + grant.tokens() - 1);
            redis.commands().flushall();
        }

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theyGrowOverARestartThatLosesAllData() {
        LockGrant before = grant(claim("a", LEASE, Duration.ZERO));

        SERVER.kill();
        SERVER.start();

        Retry.untilAnswered(() -> backend.check());
        assertThat(grant(claim("a", LEASE, Duration.ZERO)).token()).isGreaterThan(before.token());
    }

    @Test
    void theyGrowThoughTheServersClockWasSetBack() {
        long ahead =
                grant(claim("a", LEASE, Duration.ZERO, Duration.ofMillis(1), 1)).token() + 3_000_000_000L;
        redis.commands().del(redis.keys.lock("a"));
        redis.commands().set(redis.keys.lock("a") + ":token", String.valueOf(ahead));

        LockGrant next = grant(claim("a", LEASE, Duration.ZERO, Duration.ZERO, 3));
        backend.release(next.claim(), Duration.ZERO).join();

        assertThat(next.token()).isEqualTo(ahead + 1);
        assertThat(grant(claim("a", LEASE, Duration.ZERO)).token()).isEqualTo(ahead + 4);
    }

    @Test
    void aForcedReleaseAnswersATokenBetweenTheLastAndTheNext() {
        LockGrant last = grant(claim("a", LEASE, Duration.ZERO, Duration.ZERO, 64));

        long forced = backend.forceRelease("a").join();

        assertThat(forced).isGreaterThan(last.token() + 63);
        assertThat(grant(claim("a", LEASE, Duration.ZERO)).token()).isGreaterThan(forced);
    }

    @Test
    void tenThousandNamesLeaveTheirLastTokensForAnHourAndNothingElse() {
        for (int batch = 0; batch < 100; batch++) {
            List<CompletableFuture<?>> cycles = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                LockClaim claim = claim("name-" + batch + "-" + i, LEASE, LEASE);
                cycles.add(backend.acquire(claim).thenCompose(grant -> backend.release(claim, Duration.ZERO)));
            }
            CompletableFuture.allOf(cycles.toArray(CompletableFuture[]::new)).join();
        }

        List<String> keys = redis.commands().keys("{" + redis.namespace + ":*");
        assertThat(keys).hasSize(10_000).allMatch(key -> key.endsWith(":token"));
        assertThat(keys)
                .allSatisfy(key -> assertThat(redis.commands().pttl(key))
                        .isBetween(1L, Duration.ofHours(1).toMillis()));
    }

    private LockGrant grant(LockClaim claim) {
        return held(backend::acquire, claim);
    }
}

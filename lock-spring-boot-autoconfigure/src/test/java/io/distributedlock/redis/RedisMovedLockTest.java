package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A lock that has come from a server whose clock was ahead of this one's: how long it lasts has moved with it, and the end
 * that is written in it is too late by the difference.
 */
class RedisMovedLockTest extends RedisTest {

    private static final long CLOCK_DIFFERENCE_MILLIS = 3_600_000;
    private static final Duration LEFT = Duration.ofSeconds(20);

    private final LockClaim claim = claim("a", LONG, LONG);
    private RedisLockBackend backend;
    private LockGrant grant;

    @BeforeEach
    void move() {
        backend = closedAfterTheTest(redis.backend());
        grant = held(backend::acquire, claim);
        String lock = redis.keys.lock("a");
        String[] fields = redis.commands().get(lock).split(" ", 6);
        fields[3] = Long.toString(Long.parseLong(fields[3]) + 1_000 * CLOCK_DIFFERENCE_MILLIS);
        fields[4] = Long.toString(Long.parseLong(fields[4]) + CLOCK_DIFFERENCE_MILLIS);
        redis.commands().psetex(lock, LEFT.toMillis(), String.join(" ", fields));
    }

    private Duration lasts() {
        return Duration.ofMillis(redis.commands().pttl(redis.keys.lock("a")));
    }

    @Test
    void isProlongedByARenewal() {
        assertThat(backend.renew(List.of(grant)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
        assertThat(lasts()).isGreaterThan(LEFT).isLessThan(LONG.plusSeconds(1));
        assertThat(backend.renew(List.of(grant)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    void isProlongedWhenItsHolderAsksAgain() {
        assertThat(held(backend::acquire, claim).token()).isEqualTo(grant.token());
        assertThat(lasts()).isGreaterThan(LEFT);
    }
}

package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

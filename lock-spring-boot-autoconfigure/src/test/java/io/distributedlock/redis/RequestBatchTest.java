package io.distributedlock.redis;

import static io.distributedlock.redis.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.spi.LockClaim;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of several callers in one command: each gets the answer that it would get alone. */
class RequestBatchTest extends RedisTest {

    private static final String KEEP_TOKEN = "3600000";

    private final RequestBatch batch = new RequestBatch();
    private StatefulRedisConnection<String, String> connection;
    private String inbox;

    @BeforeEach
    void connect() {
        RedisClient client = RedisClient.create(redis.uri);
        closedAfterTheTest(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
        connection = client.connect();
        Script.load(connection.async());
        inbox = redis.keys.inbox("test", false);
        client.connectPubSub().sync().subscribe(inbox);
    }

    @Test
    void manyLocksThatNobodyHasTakeOneScriptAndAsManyCommandsAsTheyWrite() {
        List<LockClaim> claims = IntStream.range(0, 50)
                .mapToObj(i -> claim("lock-" + i, LONG, LONG))
                .toList();
        List<CompletableFuture<Object>> grants =
                claims.stream().map(claim -> claimed(batch, claim)).toList();
        CommandCounts before = redis.counts();

        send(batch);

        CommandCounts cost = redis.counts().since(before);
        assertThat(grants).allSatisfy(grant -> assertThat(tokenOf(grant)).isPositive());
        assertThat(claims).allMatch(redis.stored::isHeldBy);
        assertThat(cost.scripts()).isEqualTo(1);
        assertThat(cost.nested()).isEqualTo(3 + 2 * 50);
    }

    @Test
    void manyReleasesTakeOneScriptAndThreeCommands() {
        List<LockClaim> claims = IntStream.range(0, 50)
                .mapToObj(i -> granted(claim("lock-" + i, LONG, LONG)))
                .toList();
        List<CompletableFuture<Object>> releases =
                claims.stream().map(claim -> released(batch, claim)).toList();
        CommandCounts before = redis.counts();

        send(batch);

        assertThat(redis.counts().since(before).nested()).isEqualTo(3);
        assertThat(releases).allSatisfy(release -> assertThat(release.join()).isEqualTo(1L));
        assertThat(claims).noneMatch(redis.stored::isHeldBy);
        assertThat(redis.stored.leftovers()).isEmpty();
    }

    @Test
    void aClaimThatFollowsTheReleaseOfItsLockFindsItFree() {
        LockClaim holder = granted(claim("a", LONG, LONG));
        LockClaim next = claim("a", LONG, LONG);
        CompletableFuture<Object> released = released(batch, holder);
        CompletableFuture<Object> granted = claimed(batch, next);

        send(batch);

        assertThat(released.join()).isEqualTo(1L);
        assertThat(tokenOf(granted)).isPositive();
        assertThat(redis.stored.isHeldBy(next)).isTrue();
    }

    @Test
    void aLockThatIsClaimedTwiceGoesToTheFirstAndTheOtherOneWaits() {
        LockClaim first = claim("a", LONG, LONG);
        LockClaim second = claim("a", LONG, LONG);
        CompletableFuture<Object> granted = claimed(batch, first);
        CompletableFuture<Object> queued = claimed(batch, second);

        send(batch);

        assertThat(tokenOf(granted)).isPositive();
        assertThat(queued.join()).asString().startsWith("queued ");
        assertThat(redis.stored.isHeldBy(first)).isTrue();
        assertThat(redis.stored.isQueued(second)).isTrue();
    }

    @Test
    void aReleaseHandsTheLockToWhoWaitsForIt() {
        LockClaim holder = granted(claim("a", LONG, LONG));
        LockClaim waiter = claim("a", LONG, LONG);
        assertThat(sent(waiter)).asString().startsWith("queued ");
        LockClaim newcomer = claim("a", LONG, LONG);
        LockClaim other = claim("b", LONG, LONG);
        CompletableFuture<Object> queued = claimed(batch, newcomer);
        CompletableFuture<Object> granted = claimed(batch, other);
        CompletableFuture<Object> released = released(batch, holder);

        send(batch);

        assertThat(released.join()).isEqualTo(1L);
        assertThat(redis.stored.isHeldBy(waiter)).isTrue();
        assertThat(queued.join()).asString().startsWith("queued ");
        assertThat(tokenOf(granted)).isPositive();
    }

    @Test
    void aReleaseThatComesTwiceTakesNothingFromWhoGotTheLock() {
        LockClaim holder = granted(claim("a", LONG, LONG));
        LockClaim waiter = claim("a", LONG, LONG);
        assertThat(sent(waiter)).asString().startsWith("queued ");
        CompletableFuture<Object> released = released(batch, holder);
        CompletableFuture<Object> again = released(batch, holder);
        CompletableFuture<Object> newcomer = claimed(batch, claim("a", LONG, LONG));

        send(batch);

        assertThat(released.join()).isEqualTo(1L);
        assertThat(again.join()).isEqualTo(0L);
        assertThat(redis.stored.isHeldBy(waiter)).isTrue();
        assertThat(newcomer.join()).asString().startsWith("queued ");
    }

    @Test
    void whatGoesAloneIsOvertakenByNoOther() {
        Outbox outbox = new Outbox(connection, true);
        CommandCounts before = redis.counts();
        List<CompletableFuture<Object>> answers =
                List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());

        connection.setAutoFlushCommands(false); // nothing is encoded before the end
        outbox.send(request(claim("a", LONG, LONG), answers.get(0)));
        outbox.send(request(claim("b", LONG, LONG), answers.get(1)));
        outbox.alone().ping();
        outbox.send(request(claim("c", LONG, LONG), answers.get(2)));
        connection.flushCommands();

        assertThat(answers).allSatisfy(answer -> assertThat(tokenOf(answer)).isPositive());
        assertThat(redis.counts().since(before).scripts()).isEqualTo(2);
    }

    @Test
    void nobodyPassesWhoWaitsForALockThatHasExpired() {
        LockClaim holder = granted(claim("a", LONG, LONG));
        LockClaim waiter = claim("a", LONG, LONG);
        assertThat(sent(waiter)).asString().startsWith("queued ");
        redis.commands().del(redis.keys.lock(holder.name()));
        CompletableFuture<Object> queued = claimed(batch, claim("a", LONG, LONG));
        CompletableFuture<Object> granted = claimed(batch, claim("b", LONG, LONG));

        send(batch);

        assertThat(redis.stored.isHeldBy(waiter)).isTrue();
        assertThat(queued.join()).asString().startsWith("queued ");
        assertThat(tokenOf(granted)).isPositive();
    }

    @Test
    void aTokenIsGreaterThanTheLastAlsoWhenTheClockOfTheServerWasSetBack() {
        long ahead = Duration.ofDays(40_000).toMillis() * 1_000;
        redis.commands().set(redis.keys.lock("a") + ":token", Long.toString(ahead));
        CompletableFuture<Object> granted = claimed(batch, claim("a", LONG, LONG));
        CompletableFuture<Object> other = claimed(batch, claim("b", LONG, LONG));

        send(batch);

        assertThat(tokenOf(granted)).isEqualTo(ahead + 1);
        assertThat(tokenOf(other)).isLessThan(ahead);
    }

    @Test
    void theLastOfARangeOfTokensIsKept() {
        LockClaim range = claim("a", LONG, LONG, Duration.ZERO, 65);
        CompletableFuture<Object> granted = claimed(batch, range);
        claimed(batch, claim("b", LONG, LONG, Duration.ZERO, 65));

        send(batch);

        assertThat(granted.join()).asString().endsWith(" 65");
        assertThat(redis.commands().get(redis.keys.lock("a") + ":token"))
                .isEqualTo(Long.toString(tokenOf(granted) + 64));
    }

    @Test
    void aClaimThatWasReleasedBeforeItCameGetsNothing() {
        LockClaim gone = claim("a", LONG, LONG);
        redis.commands().set(redis.keys.handOff("a", gone.holder())[3], "");
        CompletableFuture<Object> refused = claimed(batch, gone);
        CompletableFuture<Object> granted = claimed(batch, claim("b", LONG, LONG));

        send(batch);

        assertThat(refused.join()).isEqualTo("gone");
        assertThat(tokenOf(granted)).isPositive();
        assertThat(redis.stored.isHeldBy(gone)).isFalse();
    }

    @Test
    void aClaimThatAsksAgainGetsTheSameGrant() {
        LockClaim claim = claim("a", LONG, LONG);
        RequestBatch alone = new RequestBatch();
        CompletableFuture<Object> first = claimed(alone, claim);
        send(alone);
        CompletableFuture<Object> again = claimed(batch, claim);
        claimed(batch, claim("b", LONG, LONG));

        send(batch);

        assertThat(tokenOf(again)).isEqualTo(tokenOf(first));
    }

    @Test
    void aLeaseThatWasLostIsNotReleasedAndItsLockStays() {
        LockClaim lost = claim("a", LONG, LONG);
        LockClaim holder = granted(claim("a", LONG, LONG));
        LockClaim other = granted(claim("b", LONG, LONG));
        CompletableFuture<Object> late = released(batch, lost);
        CompletableFuture<Object> released = released(batch, other);

        send(batch);

        assertThat(late.join()).isEqualTo(0L);
        assertThat(released.join()).isEqualTo(1L);
        assertThat(redis.stored.isHeldBy(holder)).isTrue();
    }

    @Test
    void oneThatFailsDoesNotFailTheOthers() {
        redis.commands().rpush(redis.keys.lock("taken by a list"), "x");
        LockClaim holder = granted(claim("a", LONG, LONG));
        CompletableFuture<Object> released = released(batch, holder);
        CompletableFuture<Object> failed = claimed(batch, claim("taken by a list", LONG, LONG));
        CompletableFuture<Object> granted = claimed(batch, claim("b", LONG, LONG));

        send(batch);

        assertThatThrownBy(failed::join)
                .hasCauseInstanceOf(RedisCommandExecutionException.class)
                .hasMessageContaining("WRONGTYPE");
        assertThat(released.join()).isEqualTo(1L);
        assertThat(tokenOf(granted)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aServerThatHasForgottenItsScriptsIsToldThemAgain(int claims) {
        List<CompletableFuture<Object>> grants = IntStream.range(0, claims)
                .mapToObj(i -> claimed(batch, claim("lock-" + i, LONG, LONG)))
                .toList();
        connection.sync().scriptFlush();

        send(batch);

        assertThat(grants).allSatisfy(grant -> assertThat(tokenOf(grant)).isPositive());
    }

    @Test
    void aBatchThatIsFullOrWasEncodedOrHasFailedTakesNoMore() {
        RequestBatch full = new RequestBatch();
        IntStream.range(0, RequestBatch.LIMIT).forEach(i -> claimed(full, claim("lock-" + i, LONG, LONG)));
        RequestBatch encoded = new RequestBatch();
        claimed(encoded, claim("a", LONG, LONG));
        encoded.encode(Unpooled.buffer());
        RequestBatch failed = new RequestBatch();
        CompletableFuture<Object> failure = claimed(failed, claim("a", LONG, LONG));
        connection.close();
        failed.sendOn(connection.async());
        assertThat(failure).failsWithin(PATIENCE);

        for (RequestBatch batch : List.of(full, encoded, failed)) {
            assertThat(batch.add(request(claim("b", LONG, LONG), new CompletableFuture<>())))
                    .isFalse();
        }
    }

    @Test
    void theClaimsOfABatchAskForTheSame() {
        claimed(batch, claim("a", LONG, LONG));

        assertThat(batch.add(request(claim("b", LONG.multipliedBy(2), LONG), new CompletableFuture<>())))
                .isFalse();
        assertThat(batch.add(request(claim("b", LONG, LONG, Duration.ZERO, 2), new CompletableFuture<>())))
                .isFalse();
        assertThat(batch.add(request(claim("b", LONG, LONG.multipliedBy(2)), new CompletableFuture<>())))
                .isFalse();
    }

    private CompletableFuture<Object> claimed(RequestBatch by, LockClaim claim) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        assertThat(by.add(request(claim, answer))).isTrue();
        return answer;
    }

    private CompletableFuture<Object> released(RequestBatch by, LockClaim claim) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        String[] arguments = {KEEP_TOKEN, claim.holder(), "", "0", "0"};
        assertThat(by.add(request(Script.RELEASE, claim, arguments, answer))).isTrue();
        return answer;
    }

    private LockClaim granted(LockClaim claim) {
        assertThat(sent(claim)).asString().startsWith("granted ");
        return claim;
    }

    /** In a batch of its own. */
    private Object sent(LockClaim claim) {
        RequestBatch alone = new RequestBatch();
        CompletableFuture<Object> answer = claimed(alone, claim);
        send(alone);
        return answer.join();
    }

    private void send(RequestBatch whole) {
        whole.sendOn(connection.async());
        connection.sync().ping();
    }

    private Request<Object> request(LockClaim claim, CompletableFuture<Object> answer) {
        StoredClaim stored = StoredClaim.of(claim, inbox);
        String[] arguments = {
            KEEP_TOKEN,
            stored.holder(),
            Long.toString(Field.millis(claim.leaseTime())),
            Long.toString(Field.millis(claim.waitTime())),
            Integer.toString(stored.tokens()),
            stored.info(),
            stored.terms()
        };
        return request(Script.ACQUIRE, claim, arguments, answer);
    }

    private Request<Object> request(
            Script script, LockClaim claim, String[] arguments, CompletableFuture<Object> answer) {
        String[] keys = redis.keys.handOff(claim.name(), claim.holder());
        return new Request<>(script, keys, arguments, (value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private static long tokenOf(CompletableFuture<Object> granted) {
        String[] fields = String.valueOf(granted.join()).split(" ", -1);
        assertThat(fields[0]).isEqualTo("granted");
        return Long.parseLong(fields[1]);
    }
}

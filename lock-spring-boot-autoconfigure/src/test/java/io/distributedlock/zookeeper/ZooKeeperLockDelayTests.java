package io.distributedlock.zookeeper;

import static io.distributedlock.zookeeper.Claim.claim;
import static io.distributedlock.zookeeper.Claim.get;
import static io.distributedlock.zookeeper.Claim.grant;
import static io.distributedlock.zookeeper.Claim.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperLockDelayTests {

    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration DELAY = Duration.ofMillis(2500);

    /** Two thirds of what the delay leaves of the session. */
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ZooKeeperProcess server;
    private TcpProxy line;
    private ZooKeeperLockBackend one;
    private ZooKeeperLockBackend two;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = new ZooKeeperProcess(directory, 200).start();
        line = new TcpProxy(server.port());
        one = backend(line.address());
        two = backend(server.address());
        // Parents and connections are there before something breaks.
        release(one, grant(one, claim("first")).claim());
        get(two.check());
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        line.close();
        server.close();
    }

    @Test
    void whoeverFollowsAHolderThatFellSilentComesNoSoonerThanTheLockDelayAfterItsLease() throws Exception {
        LockGrant silent = grant(one, delayed("a"));
        long over = silent.validFromNanos() + silent.lease().toNanos();
        CompletableFuture<Optional<LockGrant>> waits = two.acquire(waiting("a"));

        line.breakDown();

        LockGrant next = get(waits).orElseThrow();
        assertThat(since(over)).isBetween(DELAY, PATIENCE);
        assertThat(next.token()).isGreaterThan(silent.token());
    }

    @Test
    void aRenewedLeaseKeepsItsDistanceToTheEndOfTheSession() throws Exception {
        LockGrant held = grant(one, delayed("a"));

        assertThat(get(one.renew(List.of(held))))
                .singleElement()
                .satisfies(renewal ->
                        assertThat(((Renewal.Renewed) renewal).lease()).isEqualTo(LEASE));
    }

    @Test
    void aHolderThatLostItsLeaseAndLivesOnKeepsTheOthersOutForTheLockDelay() throws Exception {
        LockGrant lost = grant(one, delayed("a"));
        long since = System.nanoTime();
        assertThat(get(one.release(lost.claim(), DELAY))).isTrue();
        assertThat(get(one.renew(List.of(lost)))).containsOnly(new Renewal.NotHeld());
        assertThat(get(one.acquire(lost.claim()))).isEmpty();
        assertThat(get(two.inspect("a")).holders()).hasSize(1);

        LockGrant next = get(two.acquire(waiting("a"))).orElseThrow();

        assertThat(since(since)).isBetween(DELAY, PATIENCE);
        assertThat(next.token()).isGreaterThan(lost.token());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.claims()).isZero());
    }

    @Test
    void aReleaseThatComesLateTakesNothingFromTheNextHolder() throws Exception {
        LockGrant lost = grant(one, delayed("a"));
        get(one.release(lost.claim(), DELAY));
        get(two.forceRelease("a"));
        LockGrant next = grant(two, delayed("a"));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.claims()).isZero());

        assertThat(get(two.renew(List.of(next)))).singleElement().isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    void aForcedReleaseEndsTheLockDelay() throws Exception {
        LockGrant lost = grant(one, delayed("a"));
        get(one.release(lost.claim(), DELAY));
        assertThat(get(two.acquire(claim("a")))).isEmpty();

        assertThat(get(two.forceRelease("a"))).isGreaterThan(lost.token());

        grant(two, claim("a"));
    }

    @Test
    void aBackendThatIsClosedWithALostLockStillKeepsTheOthersOut() throws Exception {
        LockGrant lost = grant(one, delayed("a"));
        long since = System.nanoTime();
        get(one.release(lost.claim(), DELAY));
        long session = one.session();

        one.close();

        assertThatThrownBy(() -> get(one.acquire(claim("b")))).cause().hasMessageContaining("was closed");
        assertThat(get(two.acquire(waiting("a")))).isPresent();
        assertThat(since(since)).isBetween(DELAY, PATIENCE);
        // Or the session would only end by its time, and the client live for as long as the JVM.
        await().atMost(PATIENCE).until(() -> !server.sessions().contains(session));
    }

    @Test
    void aBackendThatIsClosedAfterItsReleasesClosesItsSessionAtOnce() throws Exception {
        release(one, grant(one, delayed("a")).claim());
        long session = one.session();

        one.close();

        assertThat(server.sessions()).doesNotContain(session);
    }

    @Test
    void aWaiterThatWasWithdrawnOrDiedCostsNobodyTheLockDelay() throws Exception {
        LockClaim holder = delayed("a");
        grant(two, holder);
        LockClaim withdrawn = delayed("a").withWaitTime(PATIENCE);
        CompletableFuture<Optional<LockGrant>> waited = one.acquire(withdrawn);
        var unused = one.acquire(delayed("a").withWaitTime(PATIENCE));
        await().until(() -> get(two.inspect("a")).waiters() == 2);
        assertThat(get(one.release(withdrawn, DELAY))).isFalse();
        assertThat(get(waited)).isEmpty();
        line.breakDown();
        await().atMost(PATIENCE).until(() -> get(two.inspect("a")).waiters() == 0);

        release(two, holder);

        grant(two, delayed("a"));
    }

    @Test
    void aLockDelayThatTheSessionHasNoRoomForIsRefusedAndLeavesNoNode() throws Exception {
        LockClaim claim = delayed("a", Duration.ofMinutes(1));

        assertThatThrownBy(() -> get(one.acquire(claim)))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("'a'", "PT1M", "PT4S", "at most PT3S", "maxSessionTimeout");

        assertThat(server.children("/locks/shop/a")).isEmpty();
        assertThat(release(one, claim)).isFalse();
        assertThat(grant(one, delayed("a", Duration.ofSeconds(3))).lease())
                .isBetween(Duration.ofMillis(600), Duration.ofMillis(700));
    }

    @Test
    void aLockDelayCostsNoRequest() throws Exception {
        release(one, grant(one, delayed("first")).claim());
        server.requests();

        release(one, grant(one, delayed("first")).claim());

        assertThat(server.requests()).isEqualTo(Map.of("create2", 1, "getChildren2", 1, "delete", 1));
    }

    private static LockClaim delayed(String name) {
        return delayed(name, DELAY);
    }

    private static LockClaim delayed(String name, Duration lockDelay) {
        LockClaim claim = claim(name);
        return new LockClaim(
                name,
                claim.holder(),
                claim.mode(),
                claim.permits(),
                claim.leaseTime(),
                lockDelay,
                claim.minHold(),
                claim.waitTime(),
                claim.tokens(),
                claim.info());
    }

    private static LockClaim waiting(String name) {
        return claim(name).withWaitTime(PATIENCE);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static ZooKeeperLockBackend backend(String address) {
        return new ZooKeeperLockBackend(
                new ZooKeeperSettings(address, SESSION, Duration.ofSeconds(2), "/locks", "shop"));
    }
}

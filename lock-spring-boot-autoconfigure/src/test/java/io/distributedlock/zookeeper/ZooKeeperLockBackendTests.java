package io.distributedlock.zookeeper;

import static io.distributedlock.zookeeper.Claim.claim;
import static io.distributedlock.zookeeper.Claim.get;
import static io.distributedlock.zookeeper.Claim.grant;
import static io.distributedlock.zookeeper.Claim.patient;
import static io.distributedlock.zookeeper.Claim.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.test.WatchersDebug;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.DataTree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperLockBackendTests {

    private static final int BATCH = 100;

    private static ZooKeeperProcess server;

    private final String namespace = UUID.randomUUID().toString();
    private final String base = "/locks/" + namespace;
    private final ZooKeeperLockBackend one =
            new ZooKeeperLockBackend(ZooKeeperSettings.of(server.address(), namespace));
    private final ZooKeeperLockBackend two =
            new ZooKeeperLockBackend(ZooKeeperSettings.of(server.address(), namespace));

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = new ZooKeeperProcess(directory, 1000).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void tenThousandNamesLeaveNoNodeAndNoMemory() throws Exception {
        for (int batch = 0; batch < 10_000; batch += BATCH) {
            List<CompletableFuture<Boolean>> done = new ArrayList<>();
            for (int i = batch; i < batch + BATCH; i++) {
                LockClaim claim = claim("order:" + i);
                done.add(one.acquire(claim).thenCompose(granted -> one.release(claim, Duration.ZERO)));
            }
            for (CompletableFuture<Boolean> released : done) {
                assertThat(get(released)).isTrue();
            }
        }

        await().untilAsserted(() -> assertThat(server.children(base)).isEmpty());
        assertThat(one.claims()).isZero();
    }

    @Test
    void aLeaseIsCutToTwoThirdsOfTheSession() throws Exception {
        assertThat(grant(one, claim("long")).lease())
                .isEqualTo(Duration.ofSeconds(10).multipliedBy(2).dividedBy(3));
    }

    @Test
    void aLeaseBelowTheSessionIsKept() throws Exception {
        LockGrant grant = grant(one, claim("short").withLeaseTime(Duration.ofMillis(100)));

        assertThat(grant.lease()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aRangeOfTokensLeavesRoomForTheForcedRelease() throws Exception {
        LockClaim greedy = claim("range");
        LockGrant grant = grant(
                one,
                new LockClaim(
                        greedy.name(),
                        greedy.holder(),
                        greedy.mode(),
                        0,
                        greedy.leaseTime(),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        1000,
                        Claim.WHO));

        assertThat(grant.tokens()).isEqualTo(63);
        assertThat(grant.token() % 64).isZero();
        assertThat(get(two.forceRelease("range"))).isEqualTo(grant.token() + 63);
    }

    @Test
    void tokensGrowWhenTheNodeOfTheLockWasRemovedInBetween() throws Exception {
        LockClaim first = claim("reaped");
        LockGrant before = grant(one, first);
        release(one, first);
        await().untilAsserted(() -> assertThat(server.children(base)).doesNotContain("reaped"));

        LockGrant after = grant(two, claim("reaped"));

        assertThat(server.children(base + "/reaped")).singleElement().asString().endsWith("#0000000000");
        assertThat(after.token()).isGreaterThan(before.token());
    }

    @Test
    void aClaimIsRefusedWhereTheNumbersOfZooKeeperEndAndTheyStartAgainWhenAllAreGone() throws Exception {
        LockClaim holder = claim("endless");
        grant(one, holder);
        server.tree().getNode(base + "/endless").stat.setCversion(Integer.MAX_VALUE);
        LockClaim late = patient("endless");

        assertThatThrownBy(() -> get(two.acquire(late)))
                .cause()
                .hasMessageContaining("'endless' was claimed 2^31 times");
        assertThat(release(two, late)).isFalse();
        assertThat(release(one, holder)).isTrue();
        await().untilAsserted(() -> assertThat(server.children(base)).doesNotContain("endless"));
        grant(two, claim("endless"));
    }

    @Test
    void aWithdrawalLeavesNothingInWhicheverPhaseItComes() throws Exception {
        LockClaim holder = claim("phases");
        grant(one, holder);
        LockClaim atOnce = patient("phases");
        CompletableFuture<Optional<LockGrant>> sent = two.acquire(atOnce);
        assertThat(release(two, atOnce)).isFalse();
        assertThat(get(sent)).isEmpty();
        LockClaim waiting = patient("phases");
        CompletableFuture<Optional<LockGrant>> waits = two.acquire(waiting);
        await().until(() -> server.watches() > 0);
        assertThat(release(two, waiting)).isFalse();
        assertThat(get(waits)).isEmpty();
        assertThat(get(two.acquire(claim("phases").withWaitTime(Duration.ofMillis(200)))))
                .isEmpty();

        assertThat(server.children(base + "/phases")).singleElement().asString().startsWith(holder.holder());
        release(one, holder);
        await().untilAsserted(() -> assertThat(server.children(base)).doesNotContain("phases"));
        assertThat(one.claims() + two.claims()).isZero();
    }

    @Test
    void waitersThatGiveUpLeaveNoWatchInTheClientAndOneAtMostInTheServer() throws Exception {
        try (ApplicationClient client = ApplicationClient.started(server.address(), "")) {
            ZooKeeperLockBackend backend = new ZooKeeperLockBackend(client.curator(), "/locks", namespace);
            LockClaim holder = claim("watched");
            grant(one, holder);
            get(backend.check());
            int before = server.watches();

            for (int i = 0; i < 10; i++) {
                assertThat(get(backend.acquire(claim("watched").withWaitTime(Duration.ofMillis(300)))))
                        .isEmpty();
            }

            ZooKeeper handle = client.curator().getZookeeperClient().getZooKeeper();
            await().untilAsserted(() ->
                    assertThat(WatchersDebug.getDataWatches(handle)).isEmpty());
            assertThat(server.watches()).isLessThanOrEqualTo(before + 1);
            release(one, holder);
            await().untilAsserted(() -> assertThat(server.watches()).isLessThanOrEqualTo(before));
            backend.close();
        }
    }

    @Test
    void aRenewedLeaseLeavesNoWatchWhenItIsReleased() throws Exception {
        LockClaim claim = claim("renewed");
        LockGrant grant = grant(one, claim);
        int before = server.watches();
        get(one.renew(List.of(grant)));
        get(one.renew(List.of(grant)));
        assertThat(server.watches()).isEqualTo(before + 1);

        release(one, claim);

        await().untilAsserted(() -> assertThat(server.watches()).isEqualTo(before));
    }

    @Test
    void renewalsCostOneRequestForAllLeases() throws Exception {
        List<LockGrant> grants = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            grants.add(grant(one, claim("many:" + i)));
        }
        get(one.renew(grants));
        server.requests();

        assertThat(get(one.renew(grants))).hasSize(50).allMatch(Renewal.Renewed.class::isInstance);

        assertThat(server.requests()).isEqualTo(Map.of("sync", 1));
    }

    @Test
    void anInspectionTellsWhoSinceWhenAndWithWhichToken() throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        LockGrant grant = grant(one, claim("seen"));
        CompletableFuture<Optional<LockGrant>> waits = two.acquire(patient("seen"));
        await().untilAsserted(
                        () -> assertThat(get(one.inspect("seen")).waiters()).isEqualTo(1));

        LockInfo.Holder holder = get(two.inspect("seen")).holders().get(0);

        assertThat(holder.info()).isEqualTo(Claim.WHO);
        assertThat(holder.since()).isBetween(before, Instant.now().plusSeconds(5));
        assertThat(holder.fencingToken()).isEqualTo(grant.token());
        assertThat(waits).isNotDone();
    }

    @Test
    void aCheckTellsTheNegotiatedSessionAndWhatIsWrongWithIt() throws Exception {
        assertThat(get(one.check()).deadHolderForgottenAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(get(one.check()).findings()).isEmpty();
        try (ZooKeeperLockBackend hasty = withSession(Duration.ofSeconds(1));
                ZooKeeperLockBackend lazy = withSession(Duration.ofMinutes(10))) {
            assertThat(get(hasty.check()).findings())
                    .hasSize(2)
                    .anyMatch(finding -> finding.contains("PT1S") && finding.contains("minSessionTimeout"))
                    .anyMatch(finding -> finding.contains("PT2S is short"));
            assertThat(get(lazy.check()).findings())
                    .singleElement()
                    .asString()
                    .contains("PT10M", "PT20S", "maxSessionTimeout");
        }
    }

    @Test
    void theClientOfTheApplicationIsUsedWithItsNamespaceAndLeftOpen() throws Exception {
        try (ApplicationClient client = ApplicationClient.started(server.address(), "shop")) {
            ZooKeeperLockBackend backend = new ZooKeeperLockBackend(client.curator(), "/", "a/b");
            LockClaim claim = claim("x/y");
            grant(backend, claim);

            assertThat(server.children("/shop/a%2Fb")).containsExactly("x%2Fy");
            assertThat(release(backend, claim)).isTrue();
            backend.close();
            assertThat(client.curator().checkExists().forPath("/a%2Fb")).isNotNull();
            assertThatThrownBy(() -> get(backend.acquire(claim))).cause().hasMessageContaining("was closed");
        }
    }

    @Test
    void theClientOfTheApplicationMayBeStartedLater() throws Exception {
        try (ApplicationClient client = ApplicationClient.latent(server.address())) {
            ZooKeeperLockBackend backend = new ZooKeeperLockBackend(client.curator(), "/locks", namespace);
            LockClaim claim = claim("early");

            assertThatThrownBy(() -> get(backend.acquire(claim)))
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not started yet");
            client.curator().start();
            grant(backend, claim);
            backend.close();
        }
    }

    @Test
    void theZooKeeperTreeIsLeftAloneExceptForTheLocks() throws Exception {
        DataTree tree = server.tree();
        LockClaim claim = claim("alone");
        grant(one, claim);
        tree.getNode(base + "/alone").addChild("a-foreign-node");

        assertThat(get(two.inspect("alone")).holders()).hasSize(1);
        assertThat(get(two.inspect("alone")).waiters()).isZero();
        tree.getNode(base + "/alone").removeChild("a-foreign-node");
    }

    private ZooKeeperLockBackend withSession(Duration timeout) {
        return new ZooKeeperLockBackend(new ZooKeeperSettings(
                server.address(), timeout, Duration.ofSeconds(20), ZooKeeperSettings.DEFAULT_ROOT, namespace));
    }
}

package io.distributedlock.zookeeper;

import static io.distributedlock.zookeeper.Claim.claim;
import static io.distributedlock.zookeeper.Claim.get;
import static io.distributedlock.zookeeper.Claim.grant;
import static io.distributedlock.zookeeper.Claim.patient;
import static io.distributedlock.zookeeper.Claim.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
@Tag("faults")
class ZooKeeperFaultTests {

    private static final Duration SESSION = Duration.ofSeconds(10);

    private ZooKeeperProcess server;
    private TcpProxy line;
    private ZooKeeperLockBackend one;
    private ZooKeeperLockBackend two;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = new ZooKeeperProcess(directory, 500).start();
        line = new TcpProxy(server.port());
        one = backend(line.address());
        two = backend(server.address());
        // Parents and connections are there before something breaks.
        LockClaim first = claim("first");
        grant(one, first);
        release(one, first);
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
    void theEndOfTheSessionEndsAllItsLeasesAtOnceAndOthersHaveTheLocks() throws Exception {
        LockGrant a = grant(one, claim("a"));
        LockGrant b = grant(one, claim("b"));
        CompletableFuture<Optional<LockGrant>> waits = two.acquire(patient("a"));

        endSessionOf(one);

        assertThat(get(waits).orElseThrow().token()).isGreaterThan(a.token());
        assertThat(get(one.renew(List.of(a, b)))).containsOnly(new Renewal.NotHeld());
        assertThat(one.claims()).isZero();
        assertThat(grant(two, claim("b")).token()).isGreaterThan(b.token());
    }

    @Test
    void aLeaseOfAnEndedSessionIsKnownToBeOverWithoutAsking() throws Exception {
        LockGrant grant = grant(one, claim("a"));
        endSessionOf(one);
        server.stop();
        line.cut();

        assertThat(get(one.renew(List.of(grant)))).containsOnly(new Renewal.NotHeld());
    }

    @Test
    void aWaiterWhoseSessionEndsGetsInLineAgain() throws Exception {
        LockClaim holder = claim("a");
        grant(two, holder);
        CompletableFuture<Optional<LockGrant>> waits = one.acquire(patient("a"));
        await().until(() -> get(two.inspect("a")).waiters() == 1);

        endSessionOf(one);
        await().until(() -> get(two.inspect("a")).waiters() == 1);
        release(two, holder);

        assertThat(get(waits)).isPresent();
    }

    @Test
    void aRestartOfTheServerIsRiddenOut() throws Exception {
        LockGrant grant = grant(one, claim("a"));
        CompletableFuture<Optional<LockGrant>> waits = two.acquire(patient("a"));
        await().until(() -> get(two.inspect("a")).waiters() == 1);
        long session = one.session();

        server.stop();
        line.cut();
        server.start();
        await().ignoreExceptions().until(() -> get(one.check()) != null);

        assertThat(one.session()).isEqualTo(session);
        assertThat(get(one.renew(List.of(grant)))).singleElement().isInstanceOf(Renewal.Renewed.class);
        assertThat(waits).isNotDone();
        release(one, grant.claim());
        assertThat(get(waits).orElseThrow().token()).isGreaterThan(grant.token());
    }

    @Test
    void aRenewalWithoutAServerAnswersThatNobodyKnows() throws Exception {
        LockGrant grant = grant(one, claim("a"));

        server.stop();
        line.cut();

        assertThatThrownBy(() -> get(one.renew(List.of(grant))))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining("ZooKeeper at " + line.address());
    }

    @Test
    void aGrantWhoseAnswerWasLostIsFoundByAskingAgain() throws Exception {
        LockClaim claim = claim("a");
        line.loseAnswers();
        CompletableFuture<Optional<LockGrant>> lost = one.acquire(claim);
        await().until(() -> server.children("/locks/shop/a").size() == 1);
        line.cut();
        assertThatThrownBy(() -> get(lost)).cause().hasMessageContaining("ConnectionLoss");

        Optional<LockGrant> grant =
                await().ignoreExceptions().until(() -> get(one.acquire(claim)), Optional::isPresent);

        assertThat(server.children("/locks/shop/a")).hasSize(1);
        assertThat(get(two.inspect("a")).holders())
                .singleElement()
                .satisfies(holder -> assertThat(holder.fencingToken())
                        .isEqualTo(grant.orElseThrow().token()));
        assertThat(release(one, claim)).isTrue();
    }

    @Test
    void aClientThatSendsTheCreateAgainLeavesOneNode() throws Exception {
        try (ApplicationClient client = ApplicationClient.started(line.address(), "")) {
            ZooKeeperLockBackend retrying = new ZooKeeperLockBackend(client.curator(), "/locks", "shop");
            get(retrying.check());
            LockClaim claim = claim("a");
            line.loseAnswers();
            CompletableFuture<Optional<LockGrant>> lost = retrying.acquire(claim);
            await().until(() -> server.children("/locks/shop/a").size() == 1);
            String first = server.children("/locks/shop/a").get(0);
            line.cut();

            assertThat(get(lost)).isPresent();
            assertThat(server.children("/locks/shop/a")).containsExactly(first);
            assertThat(release(retrying, claim)).isTrue();
            assertThat(server.children("/locks/shop/a")).isEmpty();
            retrying.close();
        }
    }

    @Test
    void aGrantWhoseAnswerWasLostDoesNotBlockTheLockWhenTheClaimIsWithdrawn() throws Exception {
        LockClaim claim = claim("a");
        line.loseAnswers();
        CompletableFuture<Optional<LockGrant>> lost = one.acquire(claim);
        await().until(() -> server.children("/locks/shop/a").size() == 1);

        CompletableFuture<Boolean> withdrawn = one.release(claim, Duration.ZERO);
        assertThat(get(lost)).isEmpty();
        line.cut();

        assertThat(get(orAgain(withdrawn, claim, 20))).isTrue();
        grant(two, claim("a"));
        await().untilAsserted(() -> assertThat(one.claims()).isZero());
    }

    /** As every caller does: while the client is closing a broken connection, what is sent goes down with it. */
    private CompletableFuture<Boolean> orAgain(CompletableFuture<Boolean> release, LockClaim claim, int times) {
        return times == 0
                ? release
                : release.exceptionallyComposeAsync(
                        failure -> orAgain(one.release(claim, Duration.ZERO), claim, times - 1),
                        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    }

    @Test
    void aReleaseWhoseAnswerWasLostIsDoneNevertheless() throws Exception {
        LockClaim claim = claim("a");
        grant(one, claim);
        line.loseAnswers();
        CompletableFuture<Boolean> lost = one.release(claim, Duration.ZERO);
        await().until(() -> server.children("/locks/shop/a").isEmpty());
        line.cut();

        assertThatThrownBy(() -> get(lost)).cause().hasMessageContaining("ConnectionLoss");
        await().untilAsserted(() -> assertThat(one.claims()).isZero());
    }

    @Test
    void aReleaseWithoutAServerIsDoneWhenItIsBack() throws Exception {
        LockClaim claim = claim("a");
        grant(one, claim);
        server.stop();
        line.cut();
        CompletableFuture<Boolean> released = one.release(claim, Duration.ZERO);
        assertThatThrownBy(() -> get(released)).cause().hasMessageContaining("ZooKeeper at " + line.address());

        server.start();

        await().atMost(SESSION)
                .ignoreExceptions()
                .until(() -> get(two.acquire(claim("a"))).isPresent());
        await().untilAsserted(() -> assertThat(one.claims()).isZero());
    }

    @Test
    void aServerThatIsNotThereIsNamedAndLockedAtOnceItComes() throws Exception {
        server.stop();
        try (ZooKeeperLockBackend late = backend(server.address())) {
            LockClaim claim = patient("a").withWaitTime(Duration.ofSeconds(1));

            assertThatThrownBy(() -> get(late.acquire(claim)))
                    .cause()
                    .hasMessageContaining("ZooKeeper at " + server.address())
                    .hasMessageContaining("not connected");
            assertThatThrownBy(() -> get(late.check())).cause().hasMessageContaining(server.address());
            assertThat(late.description()).contains(server.address());
            assertThat(get(late.release(claim, Duration.ZERO))).isFalse();
            assertThat(late.claims()).isZero();

            server.start();
            await().atMost(SESSION)
                    .ignoreExceptions()
                    .until(() -> get(late.acquire(claim("a"))).isPresent());
        }
    }

    @Test
    void aBackendThatIsClosedTellsItsWaiters() throws Exception {
        grant(two, claim("a"));
        CompletableFuture<Optional<LockGrant>> waits = one.acquire(patient("a"));
        await().until(() -> get(two.inspect("a")).waiters() == 1);

        one.close();

        assertThatThrownBy(() -> get(waits)).cause().hasMessageContaining("was closed");
        await().until(() -> get(two.inspect("a")).waiters() == 0);
    }

    @Test
    void aForcedReleaseThatFailsLeavesNoClaimBehind() throws Exception {
        try (ApplicationClient owner = ApplicationClient.started(server.address(), "");
                ZooKeeperLockBackend reader = new ZooKeeperLockBackend(new ZooKeeperSettings(
                        server.address(), SESSION, Duration.ofSeconds(2), "/locks", "read-only"))) {
            owner.curator().create().withACL(ZooDefs.Ids.READ_ACL_UNSAFE).forPath("/locks/read-only");

            assertThatThrownBy(() -> get(reader.forceRelease("a"))).cause().hasMessageContaining("NoAuth");

            await().untilAsserted(() -> assertThat(reader.claims()).isZero());
        }
    }

    @Test
    void aCallThatIsUnderWayWhenTheBackendIsClosedIsAnswered() throws Exception {
        try (ApplicationClient client = ApplicationClient.started(line.address(), "")) {
            ZooKeeperLockBackend closing = new ZooKeeperLockBackend(client.curator(), "/locks", "shop");
            LockGrant grant = grant(closing, claim("a"));
            line.loseAnswers();
            CompletableFuture<List<Renewal>> renewal = closing.renew(List.of(grant));

            closing.close();

            assertThatThrownBy(() -> get(renewal)).cause().hasMessageContaining("was closed");
        }
    }

    @Test
    void theTreeOfZooKeeperItselfIsRefused() {
        assertThatThrownBy(
                        () -> new ZooKeeperSettings(server.address(), SESSION, Duration.ofSeconds(2), "/", "zookeeper"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'/locks'");
    }

    private void endSessionOf(ZooKeeperLockBackend backend) {
        long session = backend.session();
        server.endSession(session);
        await().until(() -> backend.session() != session && backend.session() != 0);
        await().ignoreExceptions().until(() -> get(backend.check()) != null);
    }

    private static ZooKeeperLockBackend backend(String address) {
        return new ZooKeeperLockBackend(
                new ZooKeeperSettings(address, SESSION, Duration.ofSeconds(2), "/locks", "shop"));
    }
}

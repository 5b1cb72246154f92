package io.distributedlock.zookeeper;

import static io.distributedlock.zookeeper.Claim.claim;
import static io.distributedlock.zookeeper.Claim.get;
import static io.distributedlock.zookeeper.Claim.grant;
import static io.distributedlock.zookeeper.Claim.patient;
import static io.distributedlock.zookeeper.Claim.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.ZooDefs.Perms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lock costs the server: counted, not timed. And that what is not asked is known all the same. */
class ZooKeeperRequestTests {

    private static final String LOCK = "busy";

    private static ZooKeeperProcess server;

    private final String namespace = UUID.randomUUID().toString();
    private final String base = "/locks/" + namespace;
    private final ZooKeeperLockBackend one = backend();
    private final ZooKeeperLockBackend two = backend();
    private final ZooKeeperLockBackend three = backend();
    private final List<ZooKeeperLockBackend> all = List.of(one, two, three);

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
        all.forEach(ZooKeeperLockBackend::close);
    }

    @Test
    void anUncontendedPairCostsThreeRequestsInTwoRoundTrips() throws Exception {
        release(one, grant(one, claim(LOCK)).claim());
        server.requests();

        for (int i = 0; i < 10; i++) {
            release(one, grant(one, claim(LOCK)).claim());
        }

        assertThat(server.requests()).isEqualTo(Map.of("create2", 10, "getChildren2", 10, "delete", 10));
    }

    @Test
    void aNameThatIsUsedForTheFirstTimeCostsItsNodeTooAndNoFurtherRoundTrip() throws Exception {
        release(one, grant(one, claim("another")).claim());
        await().untilAsserted(() -> assertThat(server.children(base)).isEmpty());
        server.requests();

        LockClaim claim = claim(LOCK);
        grant(one, claim);
        assertThat(server.requests()).isEqualTo(Map.of("createContainer", 1, "create2", 1, "getChildren2", 1));
        release(one, claim);

        await().untilAsserted(() -> assertThat(server.children(base)).isEmpty());
        assertThat(server.requests()).isEqualTo(Map.of("delete", 2));
    }

    @Test
    void aNodeThatSomebodyElseRemovedMeanwhileIsMadeAgain() throws Exception {
        release(one, grant(one, claim(LOCK)).claim());
        try (ApplicationClient client = ApplicationClient.started(server.address(), "")) {
            // Quietly: the backend tidies up too, and may have been faster.
            client.curator().delete().quietly().forPath(base + "/" + LOCK);
        }

        assertThat(release(one, grant(one, claim(LOCK)).claim())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 24})
    void aHandOffCostsFourRequestsHoweverManyWait(int waiters) throws Exception {
        for (ZooKeeperLockBackend backend : all) {
            get(backend.check());
        }
        LockClaim holder = claim(LOCK);
        long last = grant(one, holder).token();
        server.requests();

        List<Waiting> queue = queue(waiters);

        Map<String, Integer> requests = server.requests();
        // Each instance creates the node above its claims once, there or not.
        assertThat(requests.getOrDefault("createContainer", 0)).isLessThan(all.size());
        requests.remove("createContainer");
        assertThat(requests).isEqualTo(Map.of("create2", waiters, "getChildren2", waiters, "getData", waiters));
        release(one, holder);
        for (Waiting waiting : queue) {
            long token = waiting.token();
            assertThat(token).isGreaterThan(last);
            last = token;
            assertThat(waiting.release()).isTrue();
        }
        assertThat(server.requests()).isEqualTo(Map.of("delete", 1, "multi", waiters));
    }

    @Test
    void aLeaseThatBeginsLongAfterTheLastProofOfTheSessionCountsFromANewOne() throws Exception {
        LockClaim holder = claim(LOCK);
        grant(one, holder);
        Waiting waiting = enter(two, patient(LOCK).withLeaseTime(Duration.ofMillis(300)));
        await().pollDelay(Duration.ofMillis(150)).until(() -> true);
        server.requests();
        long before = System.nanoTime();

        release(one, holder);

        assertThat(get(waiting.answer()).orElseThrow().validFromNanos() - before)
                .isNotNegative();
        assertThat(server.requests()).isEqualTo(Map.of("delete", 1, "sync", 1));
    }

    @Test
    void aWaiterThatLeavesCostsItsSuccessorOneRead() throws Exception {
        LockClaim holder = claim(LOCK);
        grant(one, holder);
        List<Waiting> queue = queue(4);
        server.requests();

        assertThat(queue.get(2).release()).isFalse();

        await().until(() -> watches(queue.get(3), path(queue.get(1))));
        assertThat(server.requests()).isEqualTo(Map.of("delete", 1, "getData", 1, "checkWatches", 1));
        assertThat(queue.get(3).answer()).isNotDone();
        release(one, holder);
        queue.get(0).token();
        queue.get(0).release();
        queue.get(1).token();
        assertThat(queue.get(3).answer()).isNotDone();
        queue.get(1).release();
        queue.get(3).token();
    }

    @Test
    void waitersThatLeaveTogetherLetNobodyPassTheHolder() throws Exception {
        LockClaim holder = claim(LOCK);
        grant(one, holder);
        List<Waiting> queue = queue(6);

        List<CompletableFuture<Boolean>> left = queue.subList(0, 5).stream()
                .map(waiting -> waiting.backend().release(waiting.claim(), Duration.ZERO))
                .toList();
        for (CompletableFuture<Boolean> leaving : left) {
            assertThat(get(leaving)).isFalse();
        }

        await().until(() -> watches(queue.get(5), path(holder)));
        assertThat(queue.get(5).answer()).isNotDone();
        release(one, holder);
        queue.get(5).token();
    }

    @Test
    void aWaiterThatDiesIsNotTakenForAHolderThatGaveTheLockBack() throws Exception {
        LockClaim holder = claim(LOCK);
        grant(one, holder);
        List<Waiting> queue = List.of(enter(two), enter(three));

        two.close();

        await().until(() -> watches(queue.get(1), path(holder)));
        assertThat(queue.get(1).answer()).isNotDone();
        release(one, holder);
        queue.get(1).token();
    }

    @Test
    void aHolderThatDiesIsFollowedByTheNext() throws Exception {
        LockClaim holder = claim(LOCK);
        grant(one, holder);
        Waiting second = enter(two);
        Waiting third = enter(three);
        release(one, holder);
        long token = second.token();

        two.close();

        assertThat(third.token()).isGreaterThan(token);
    }

    @Test
    void aLockIsHandedOnWhereNothingMayBeWritten() throws Exception {
        try (ApplicationClient client =
                ApplicationClient.allowed(server.address(), Perms.READ | Perms.CREATE | Perms.DELETE)) {
            ZooKeeperLockBackend careful = new ZooKeeperLockBackend(client.curator(), "/locks", namespace);
            LockClaim holder = claim(LOCK);
            grant(one, holder);
            Waiting second = enter(careful);
            Waiting third = enter(two);
            release(one, holder);
            second.token();

            careful.release(second.claim(), Duration.ZERO).handle((released, refused) -> null);

            third.token();
            careful.close();
        }
    }

    private List<Waiting> queue(int waiters) throws Exception {
        List<Waiting> queue = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            queue.add(enter(all.get(i % all.size())));
        }
        return queue;
    }

    /** Returns when it watches the last one before it. */
    private Waiting enter(ZooKeeperLockBackend backend) {
        return enter(backend, patient(LOCK));
    }

    private Waiting enter(ZooKeeperLockBackend backend, LockClaim claim) {
        List<String> before = inOrder();
        Waiting waiting = new Waiting(backend, claim, backend.acquire(claim));
        String last = base + "/" + LOCK + "/" + before.get(before.size() - 1);
        await().until(() -> watches(waiting, last));
        return waiting;
    }

    private List<String> inOrder() {
        return server.children(base + "/" + LOCK).stream()
                .sorted(Comparator.comparing(node -> node.substring(node.indexOf('#'))))
                .toList();
    }

    private static boolean watches(Waiting waiting, String path) {
        return server.watchersOf(path).contains(waiting.backend().session());
    }

    private String path(Waiting waiting) {
        return path(waiting.claim());
    }

    private String path(LockClaim claim) {
        ClaimQueue queue = new ClaimQueue(server.children(base + "/" + LOCK));
        return base + "/" + LOCK + "/" + queue.of(claim.holder()).get(0).node();
    }

    private ZooKeeperLockBackend backend() {
        return new ZooKeeperLockBackend(ZooKeeperSettings.of(server.address(), namespace));
    }

    private record Waiting(
            ZooKeeperLockBackend backend, LockClaim claim, CompletableFuture<Optional<LockGrant>> answer) {

        long token() throws Exception {
            return get(answer).orElseThrow().token();
        }

        boolean release() throws Exception {
            return Claim.release(backend, claim);
        }
    }
}

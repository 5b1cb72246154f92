package io.distributedlock.zookeeper;

import static io.distributedlock.zookeeper.Claim.claim;
import static io.distributedlock.zookeeper.Claim.grant;
import static io.distributedlock.zookeeper.Claim.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lock costs the server: counted, not timed. And that what is not asked is known all the same. */
class ZooKeeperRequestTests {

    private static final String LOCK = "busy";

    private static ZooKeeperProcess server;

    private final String namespace = UUID.randomUUID().toString();
    private final String base = "/locks/" + namespace;
    private final ZooKeeperLockBackend one = backend();

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
            client.curator().delete().forPath(base + "/" + LOCK);
        }

        assertThat(release(one, grant(one, claim(LOCK)).claim())).isTrue();
    }

    private ZooKeeperLockBackend backend() {
        return new ZooKeeperLockBackend(ZooKeeperSettings.of(server.address(), namespace));
    }
}

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
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three servers of which one dies, whichever it is that a client is connected to. */
@Tag("topologies")
class ZooKeeperEnsembleTests {

    private static final Duration SESSION = Duration.ofSeconds(10);

    private static TestingCluster ensemble;

    private ApplicationClient client;
    private ZooKeeperLockBackend one;
    private ZooKeeperLockBackend two;

    @BeforeAll
    static void startEnsemble() throws Exception {
        ensemble = new TestingCluster(3);
        ensemble.start();
    }

    @AfterAll
    static void stopEnsemble() throws Exception {
        ensemble.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = ApplicationClient.started(ensemble.getConnectString(), "");
        one = new ZooKeeperLockBackend(client.curator(), "/locks", "shop");
        two = new ZooKeeperLockBackend(ZooKeeperSettings.of(ensemble.getConnectString(), "shop"));
        await().atMost(SESSION).ignoreExceptions().until(() -> get(one.check()) != null && get(two.check()) != null);
    }

    @AfterEach
    void disconnect() {
        one.close();
        two.close();
        client.close();
    }

    @Test
    void aLeaseOutlivesTheServerItsHolderIsConnectedTo() throws Exception {
        LockGrant grant = grant(one, claim("held"));

        InstanceSpec dead = killServerOf(client);

        Renewal renewal = await().atMost(SESSION)
                .ignoreExceptions()
                .until(() -> get(one.renew(List.of(grant))).get(0), Renewal.Renewed.class::isInstance);
        assertThat(renewal).isInstanceOf(Renewal.Renewed.class);
        assertThat(await().atMost(SESSION).ignoreExceptions().until(() -> get(two.acquire(claim("held"))), x -> true))
                .isEmpty();
        assertThat(release(one, grant.claim())).isTrue();
        assertThat(grant(two, claim("held")).token()).isGreaterThan(grant.token());
        ensemble.restartServer(dead);
    }

    @Test
    void aWaiterOutlivesTheServerItIsConnectedTo() throws Exception {
        LockClaim holder = claim("waited");
        LockGrant grant = grant(two, holder);
        CompletableFuture<Optional<LockGrant>> waits = one.acquire(patient("waited"));
        await().until(() -> get(two.inspect("waited")).waiters() == 1);

        InstanceSpec dead = killServerOf(client);
        await().atMost(SESSION).ignoreExceptions().until(() -> get(one.check()) != null);
        await().atMost(SESSION).ignoreExceptions().until(() -> release(two, holder));

        assertThat(get(waits).orElseThrow().token()).isGreaterThan(grant.token());
        ensemble.restartServer(dead);
    }

    private static InstanceSpec killServerOf(ApplicationClient client) throws Exception {
        InstanceSpec connected = ensemble.findConnectionInstance(
                client.curator().getZookeeperClient().getZooKeeper());
        ensemble.killServer(connected);
        return connected;
    }
}

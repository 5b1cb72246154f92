package io.distributedlock.zookeeper;

import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.contract.BackendFixture;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;

/** Two clients of one server, the first behind a line that can be slow. */
class ZooKeeperFixture implements BackendFixture {

    private final ZooKeeperProcess server;
    private final TcpProxy line;
    private final String namespace = "test-" + UUID.randomUUID();
    private final ZooKeeperLockBackend one;
    private final ZooKeeperLockBackend two;

    ZooKeeperFixture(ZooKeeperProcess server) throws Exception {
        this.server = server;
        line = new TcpProxy(server.port());
        one = new ZooKeeperLockBackend(ZooKeeperSettings.of(line.address(), namespace));
        two = new ZooKeeperLockBackend(ZooKeeperSettings.of(server.address(), namespace));
    }

    @Override
    public LockBackend one() {
        return one;
    }

    @Override
    public LockBackend two() {
        return two;
    }

    @Override
    public void expire(String name) {
        String lock = "/locks/" + namespace + "/" + LockTree.encode(name);
        String first = new ClaimQueue(server.children(lock)).first().node();
        long session = server.tree().getNode(lock + "/" + first).stat.getEphemeralOwner();
        server.endSession(session);
        await().atMost(patience()).until(() -> !server.children(lock).contains(first));
        awaitSessionAfter(session);
    }

    @Override
    public AutoCloseable silence() {
        long session = one.session();
        line.breakDown();
        return () -> {
            line.mend();
            awaitSessionAfter(session);
        };
    }

    private void awaitSessionAfter(long session) {
        // Several attempts to connect, each with a pause before it, may be needed: that does not come at once.
        Duration reconnect = patience().multipliedBy(6);
        await().atMost(reconnect).until(() -> one.session() != session && one.session() != 0);
        await().atMost(reconnect).ignoreExceptions().until(() -> one.check().get() != null);
    }

    /** Without the empty containers of holders that died: the server reaps those. */
    @Override
    public Collection<String> leftovers() {
        String base = "/locks/" + namespace;
        return server.children(base).stream()
                .filter(lock -> !server.children(base + "/" + lock).isEmpty())
                .toList();
    }

    @Override
    public boolean canDelayAnswers() {
        return true;
    }

    @Override
    public void delayAnswers(Duration delay) {
        line.delayAnswers(delay);
    }

    @Override
    public void close() throws Exception {
        one.close();
        two.close();
        line.close();
    }
}

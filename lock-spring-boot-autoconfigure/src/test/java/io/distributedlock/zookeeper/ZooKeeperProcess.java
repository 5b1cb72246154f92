package io.distributedlock.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real server of ZooKeeper in this JVM, with a hand inside it. */
final class ZooKeeperProcess implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 200;

    static {
        // No test takes the power away.
        System.setProperty("zookeeper.forceSync", "no");
    }

    private final Path directory;
    private final int tickMillis;
    private int port;
    private ZooKeeperServer server;
    private NIOServerCnxnFactory connections;

    /** Sessions are between 2 and 20 ticks. */
    ZooKeeperProcess(Path directory, int tickMillis) {
        this.directory = directory;
        this.tickMillis = tickMillis;
    }

    ZooKeeperProcess start() throws Exception {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), tickMillis);
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
        connections.startup(server);
        port = connections.getLocalPort();
        return this;
    }

    /** Drops all connections; what was confirmed is kept in the directory. */
    void stop() {
        connections.shutdown();
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void endSession(long session) {
        server.closeSession(session);
    }

    DataTree tree() {
        return server.getZKDatabase().getDataTree();
    }

    List<String> children(String path) {
        var node = tree().getNode(path);
        if (node == null) {
            return List.of();
        }
        Set<String> children;
        synchronized (node) {
            children = new TreeSet<>(node.getChildren());
        }
        return List.copyOf(children);
    }

    long requests() {
        return server.serverStats().getPacketsReceived();
    }

    int watches() {
        return tree().getWatchCount();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}

package io.distributedlock.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real server of ZooKeeper in this JVM, with a hand inside it. */
final class ZooKeeperProcess implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 200;

    /** What the client sends by itself. */
    private static final Set<Integer> NOT_OURS =
            Set.of(OpCode.ping, OpCode.createSession, OpCode.closeSession, OpCode.setWatches, OpCode.setWatches2);

    static {
        // No test takes the power away.
        System.setProperty("zookeeper.forceSync", "no");
    }

    private final Path directory;
    private final int tickMillis;
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();
    private int port;
    private ZooKeeperServer server;
    private NIOServerCnxnFactory connections;

    /** Sessions are between 2 and 20 ticks. */
    ZooKeeperProcess(Path directory, int tickMillis) {
        this.directory = directory;
        this.tickMillis = tickMillis;
    }

    ZooKeeperProcess start() throws Exception {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), tickMillis) {
            @Override
            public void submitRequestNow(Request request) {
                if (!NOT_OURS.contains(request.type)) {
                    requests.merge(Request.op2String(request.type), 1, Integer::sum);
                }
                super.submitRequestNow(request);
            }
        };
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

    /** Those that have neither been closed nor ended. */
    Set<Long> sessions() {
        return Set.copyOf(server.getZKDatabase().getSessions());
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

    /** What clients have sent since the last call, by kind. */
    Map<String, Integer> requests() {
        Map<String, Integer> since = new TreeMap<>();
        requests.keySet().forEach(kind -> since.put(kind, requests.remove(kind)));
        return since;
    }

    int watches() {
        return tree().getWatchCount();
    }

    /** The sessions that watch a node. */
    Set<Long> watchersOf(String path) {
        Set<Long> sessions = tree().getWatchesByPath().getSessions(path);
        return sessions == null ? Set.of() : sessions;
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}

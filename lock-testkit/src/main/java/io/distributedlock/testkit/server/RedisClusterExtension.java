package io.distributedlock.testkit.server;

import static org.awaitility.Awaitility.await;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Redis Cluster for the tests of a class: masters that share the hash slots, and as many replicas, one for each. Its servers
 * are those of the {@code redis-server} on the PATH, else the embedded one; with none, the tests are skipped with a printed
 * reason, and fail when the environment has {@code CI=true}.
 */
public final class RedisClusterExtension implements BeforeAllCallback, AfterAllCallback {

    private static final int SLOTS = 16_384;
    private static final int TO_BUS = 10_000;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration FORM_TIMEOUT = Duration.ofSeconds(60);

    private final int masters;
    private final List<RedisProcess> servers = new ArrayList<>();
    private int depth;
    private String flavour = "";

    /**
     * Makes a Cluster, to be registered in a static field.
     *
     * @param masters how many; three or more elect a replica in place of one that is gone
     */
    public RedisClusterExtension(int masters) {
        this.masters = masters;
    }

    /**
     * Where the servers are.
     *
     * @return for each a URI, first those that were made masters, then their replicas in the same order
     */
    public List<String> uris() {
        return servers.stream()
                .map(server -> "redis://127.0.0.1:" + server.port())
                .toList();
    }

    /**
     * Which servers these are, for people.
     *
     * @return one line
     */
    public String flavour() {
        return flavour;
    }

    /**
     * Ends a server at once, as a crash does. Returns when it has ended.
     *
     * @param server its place in {@link #uris()}
     */
    public void kill(int server) {
        servers.get(server).send(Signal.KILL);
    }

    /**
     * Lets a server stand still; connections stay open and nothing is answered.
     *
     * @param server its place in {@link #uris()}
     */
    public void pause(int server) {
        servers.get(server).send(Signal.STOP);
    }

    /**
     * Lets a paused server go on.
     *
     * @param server its place in {@link #uris()}
     */
    public void resume(int server) {
        servers.get(server).send(Signal.CONT);
    }

    /**
     * Starts a server that was killed, without its data. It joins the others by itself.
     *
     * @param server its place in {@link #uris()}
     */
    public void start(int server) {
        servers.get(server).start();
    }

    @Override
    @SuppressWarnings("SystemOut") // which servers these were belongs to the result of the test
    public void beforeAll(ExtensionContext context) throws IOException {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        RedisBinary binary = RedisBinary.onPath(reasons)
                .or(() -> RedisBinary.embedded(reasons))
                .orElseThrow(() -> Unavailable.because("Redis Cluster", reasons));
        for (int i = 0; i < 2 * masters; i++) {
            RedisProcess server = new RedisProcess(
                    binary.file(),
                    freePort(),
                    List.of(
                            "--cluster-enabled", "yes",
                            "--cluster-node-timeout", "2000",
                            "--cluster-require-full-coverage", "no",
                            "--cluster-config-file", "nodes"));
            servers.add(server);
            server.start();
        }
        form();
        flavour = "Redis Cluster of " + servers.size() + " redis-server " + binary.version() + " " + binary.from()
                + " at " + String.join(", ", uris());
        System.out.println(context.getDisplayName() + " runs on " + flavour);
    }

    private void form() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            RedisProcess server = servers.get(i);
            if (i < masters) {
                server.run("CLUSTER ADDSLOTS " + slots(i));
            }
            server.run("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            server.run("CLUSTER MEET 127.0.0.1 " + servers.get(0).port());
            ids.add(server.text("CLUSTER MYID"));
        }
        for (int i = masters; i < servers.size(); i++) {
            RedisProcess replica = servers.get(i);
            String master = ids.get(i - masters);
            await("replica " + i)
                    .atMost(FORM_TIMEOUT)
                    .until(() -> replica.run("CLUSTER REPLICATE " + master).equals("+OK"));
        }
        for (RedisProcess server : servers) {
            await("state of the Cluster")
                    .atMost(FORM_TIMEOUT)
                    .until(() -> isFormed(server.text("CLUSTER INFO"), server.text("INFO replication")));
        }
    }

    private boolean isFormed(String cluster, String replication) {
        return cluster.contains("cluster_state:ok")
                && cluster.contains("cluster_known_nodes:" + servers.size())
                && (replication.contains("master_link_status:up") || replication.contains("state=online"));
    }

    private String slots(int master) {
        return IntStream.range(SLOTS * master / masters, SLOTS * (master + 1) / masters)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    /** Servers talk to each other at another port, which lies higher. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ServerDirectory.freePort();
            if (port + TO_BUS <= HIGHEST_PORT) {
                try (ServerSocket bus = new ServerSocket(port + TO_BUS, 1, InetAddress.getLoopbackAddress())) {
                    return port;
                } catch (IOException taken) {
                    // Then another pair.
                }
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (--depth == 0) {
            for (RedisProcess server : servers) {
                server.close();
            }
        }
    }
}

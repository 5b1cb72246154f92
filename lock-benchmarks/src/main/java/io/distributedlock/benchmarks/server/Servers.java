package io.distributedlock.benchmarks.server;

import io.distributedlock.benchmarks.adapter.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.zookeeper.Version;

/** The stores of a run. Each starts when it is first needed, and says why if it cannot. */
public final class Servers implements AutoCloseable {

    private final Map<Store, ServerProcess> running = new EnumMap<>(Store.class);
    private final Map<Store, String> versions = new EnumMap<>(Store.class);

    /**
     * Why a store cannot be measured here.
     *
     * @param store the store
     * @return empty if it can
     */
    public Optional<String> missing(Store store) {
        return switch (store) {
            case REDIS -> onPath("redis-server");
            case ETCD -> onPath("etcd");
            case ZOOKEEPER -> Optional.empty();
        };
    }

    private static Optional<String> onPath(String program) {
        return Executables.find(program).isPresent() ? Optional.empty() : Optional.of("no " + program + " on PATH");
    }

    /**
     * Where a store is.
     *
     * @param store the store
     * @return {@code host:port}
     * @throws IOException if it does not start
     */
    public synchronized String address(Store store) throws IOException {
        ServerProcess process = running.get(store);
        if (process == null) {
            process = start(store);
            running.put(store, process);
        }
        return process.address();
    }

    /**
     * The servers that were started, for the head of a table.
     *
     * @return names and versions
     */
    public synchronized List<String> versions() {
        return List.copyOf(versions.values());
    }

    private ServerProcess start(Store store) throws IOException {
        switch (store) {
            case REDIS -> {
                Path program = Executables.find("redis-server").orElseThrow();
                versions.put(store, "Redis " + Executables.version(program, Pattern.compile("v=(\\S+)")));
                return new ServerProcess((directory, port) -> List.of(
                        program.toString(),
                        "--port",
                        port.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "no"));
            }
            case ETCD -> {
                Path program = Executables.find("etcd").orElseThrow();
                versions.put(store, "etcd " + Executables.version(program, Pattern.compile("Version: (\\S+)")));
                int peers = FreePort.find();
                return new ServerProcess((directory, port) -> etcd(program, directory, port, peers));
            }
            default -> {
                versions.put(store, "ZooKeeper " + Version.getVersion());
                return new ServerProcess((directory, port) -> ChildJvm.command(
                        ZooKeeperMain.class, List.of("-Xmx512m"), directory.toString(), port.toString()));
            }
        }
    }

    private static List<String> etcd(Path program, Path directory, int port, int peers) {
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + peers;
        return List.of(
                program.toString(),
                "--data-dir",
                directory.resolve("data").toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                "default=" + peer);
    }

    @Override
    public synchronized void close() throws IOException {
        for (ServerProcess process : running.values()) {
            process.close();
        }
        running.clear();
    }
}

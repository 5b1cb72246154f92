package io.distributedlock.testkit.server;

import static org.awaitility.Awaitility.await;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@code postgres} of our own on a free port of 127.0.0.1, with its data in a temporary directory. */
final class PostgresProcess {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /** Postgres refuses to run as root. Users of whom one is there nearly everywhere. */
    private static final List<String> OTHER_USERS = List.of("postgres", "nobody");

    private final PostgresBinary binary;
    private final Path directory;
    private final List<String> asUser;
    private final int port;
    private final Thread atExit = new Thread(this::end, "end-postgres");
    private @Nullable Process process;

    PostgresProcess(PostgresBinary binary) throws IOException {
        this.binary = binary;
        this.directory = Files.createTempDirectory("postgres-");
        this.asUser = asUser(directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    int port() {
        return port;
    }

    /** Returns when it takes connections. */
    void start() throws IOException {
        Process initdb = run(
                binary.initdb().toString(),
                "--pgdata=" + data(),
                "--username=test",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions");
        if (initdb.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IllegalStateException(binary.initdb() + " failed: " + Files.readString(log()));
        }
        Process started = run(
                binary.postgres().toString(),
                "-D",
                data().toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off");
        process = started;
        await("start of " + binary.postgres() + ", see " + log())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(START_TIMEOUT)
                .until(() -> {
                    String said = Files.readString(log());
                    if (!started.isAlive()) {
                        throw new IllegalStateException(binary.postgres() + " ended at once: " + said);
                    }
                    return said.contains("ready to accept connections");
                });
    }

    void close() throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** In order, since its children and its shared memory would outlive a kill. */
    private void end() {
        Process started = process;
        if (started != null && started.isAlive()) {
            Signal.INT.send(started);
            started.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private Process run(String... command) throws IOException {
        List<String> all = new ArrayList<>(asUser);
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path log() {
        return directory.resolve("postgres.log");
    }

    /** {@code setpriv} becomes the program it starts, so that our handle is the server's and no go-between's. */
    private static List<String> asUser(Path directory) throws IOException {
        if (!idOfThisUser().equals("0")) {
            return List.of();
        }
        for (String user : OTHER_USERS) {
            try {
                Files.setOwner(
                        directory,
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(user));
                return List.of("setpriv", "--reuid=" + user, "--regid=65534", "--clear-groups");
            } catch (IOException e) {
                // No such user: the next one.
            }
        }
        throw new IOException("postgres does not run as root, and there is no other user of " + OTHER_USERS);
    }

    private static String idOfThisUser() throws IOException {
        Process id = new ProcessBuilder("id", "-u").start();
        return new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}

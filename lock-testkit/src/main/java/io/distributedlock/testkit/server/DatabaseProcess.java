package io.distributedlock.testkit.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A database server of our own on a free port of 127.0.0.1, with its data in a temporary directory. */
final class DatabaseProcess {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final ServerDirectory directory;
    private final List<String> asUser;
    private final int port;
    private final Consumer<Process> howToEnd;
    private final Thread atExit = new Thread(this::end, "end-database");
    private @Nullable Process process;

    DatabaseProcess(String name, Consumer<Process> howToEnd) throws IOException {
        this.directory = ServerDirectory.create(name + "-");
        this.asUser = directory.giveToOrdinaryUser();
        this.port = ServerDirectory.freePort();
        this.howToEnd = howToEnd;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    String port() {
        return Integer.toString(port);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Not there before the server is made. */
    Path data() {
        return directory.path().resolve("data");
    }

    /** Runs what makes the data of a new server. */
    void make(String... command) throws IOException {
        if (run(command).onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IllegalStateException(command[0] + " failed: " + Files.readString(log()));
        }
    }

    /** Returns when the server has said that it takes connections. */
    void start(String whenReady, String... command) throws IOException {
        Process started = run(command);
        process = started;
        await("start of " + command[0] + ", see " + log())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(START_TIMEOUT)
                .until(() -> {
                    String said = Files.readString(log());
                    if (!started.isAlive()) {
                        throw new IllegalStateException(command[0] + " ended at once: " + said);
                    }
                    return said.contains(whenReady);
                });
    }

    void close() throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        directory.delete();
    }

    private void end() {
        Process started = process;
        if (started != null && started.isAlive()) {
            howToEnd.accept(started);
            started.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private Process run(String... command) throws IOException {
        List<String> all = new ArrayList<>(asUser);
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return directory.path().resolve("server.log");
    }
}

package io.distributedlock.testkit.server;

import static org.awaitility.Awaitility.await;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@code redis-server} of our own on a free port of 127.0.0.1, with its data in a temporary directory. */
final class RedisProcess {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Path binary;
    private final List<String> options;
    private final ServerDirectory directory;
    private final int port;
    private final Thread atExit = new Thread(this::end, "end-redis-server");
    private @Nullable Process process;

    /** @param options in place of what the server does by itself, which is to keep nothing */
    RedisProcess(Path binary, int port, List<String> options) throws IOException {
        this.binary = binary;
        this.options = options;
        this.directory = ServerDirectory.create("redis-server-");
        this.port = port;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    int port() {
        return port;
    }

    void start() {
        if (process != null && process.isAlive()) {
            // A second one could not have the port, and the first would be forgotten.
            return;
        }
        try {
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            await("start of " + binary + ", see " + log())
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(START_TIMEOUT)
                    .until(() -> {
                        if (!running().isAlive()) {
                            throw new IllegalStateException(binary + " ended at once: " + Files.readString(log()));
                        }
                        return answers();
                    });
        } catch (IOException e) {
            throw new IllegalStateException(binary + " could not be started", e);
        }
    }

    /** Asks it to end, as an operator would. */
    void stop() {
        running().destroy();
        running().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    void send(Signal signal) {
        signal.send(running());
        if (signal == Signal.KILL) {
            running().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    void close() throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        directory.delete();
    }

    private void end() {
        Process started = process;
        if (started != null) {
            started.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "redis-server was not started");
    }

    private Path log() {
        return directory.path().resolve("redis.log");
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                LOOPBACK.getHostAddress(),
                "--dir",
                directory.path().toString(),
                "--save",
                "",
                "--appendonly",
                "no"));
        command.addAll(options);
        return command;
    }

    /** Not while it still loads its data. */
    private boolean answers() {
        try {
            return run("PING").equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Runs one command.
     *
     * @return the first line of the answer
     */
    String run(String command) throws IOException {
        return asked(command, answer -> line(answer));
    }

    /**
     * Runs one command that answers a text.
     *
     * @return the text
     */
    String text(String command) throws IOException {
        return asked(command, answer -> {
            byte[] text = answer.readNBytes(Integer.parseInt(line(answer).substring(1)));
            return new String(text, StandardCharsets.US_ASCII);
        });
    }

    private interface Reading {
        String from(InputStream answer) throws IOException;
    }

    private String asked(String command, Reading reading) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), 1_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return reading.from(socket.getInputStream());
        }
    }

    private static String line(InputStream answer) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = answer.read(); next >= 0 && next != '\n'; next = answer.read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}

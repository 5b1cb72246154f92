package io.distributedlock.testkit.server;

import static org.awaitility.Awaitility.await;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@code redis-server} of our own on a free port of 127.0.0.1, with its data in a temporary directory. */
final class RedisProcess {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Path binary;
    private final boolean durable;
    private final ServerDirectory directory;
    private final int port;
    private final Thread atExit = new Thread(this::end, "end-redis-server");
    private @Nullable Process process;

    RedisProcess(Path binary, boolean durable) throws IOException {
        this.binary = binary;
        this.durable = durable;
        this.directory = ServerDirectory.create("redis-server-");
        this.port = ServerDirectory.freePort();
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
        return List.of(
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
                durable ? "yes" : "no");
    }

    /** Not while it still loads its data. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), 1_000);
            socket.setSoTimeout(1_000);
            OutputStream request = socket.getOutputStream();
            request.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }
}

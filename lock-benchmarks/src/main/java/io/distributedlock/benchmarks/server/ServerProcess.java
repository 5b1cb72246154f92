package io.distributedlock.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** A server in a process of its own, with a temporary directory, on a free port. Ends with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final Path directory;
    private final int port;
    private final Process process;
    private final Thread atExit;

    /**
     * Starts it, and returns when it accepts connections.
     *
     * @param command of directory and port
     */
    ServerProcess(BiFunction<Path, Integer, List<String>> command) throws IOException {
        directory = Files.createTempDirectory("bench-server-");
        port = FreePort.find();
        Path log = directory.resolve("server.log");
        process = new ProcessBuilder(command.apply(directory, port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        atExit = new Thread(process::destroyForcibly, "end-server-" + process.pid());
        Runtime.getRuntime().addShutdownHook(atExit);
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                String said = Files.readString(log);
                close();
                throw new IOException("A server did not start: " + said);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

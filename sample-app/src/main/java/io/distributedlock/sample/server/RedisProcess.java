package io.distributedlock.sample.server;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A Redis server as a child process: the one on the PATH, else the binary that embedded-redis brings. */
final class RedisProcess implements StoreServer {

    /**
     * Ends the server when this JVM has ended, however that came about: then the pipe to {@code cat} is closed. A Ctrl-C
     * at the terminal is for this JVM only, which gives its locks back before it ends the server.
     */
    private static final String TIED_TO_THIS_JVM = "trap '' INT; command -v setsid >/dev/null && set -- setsid \"$@\";"
            + " \"$@\" </dev/null & cat >/dev/null; kill $!; wait $!";

    private static final Pattern VERSION = Pattern.compile("v=(\\S+)");
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private @Nullable Process process;

    @Override
    public String start(Path directory, int port) throws IOException {
        Optional<String> installed = onThePath();
        String executable = installed.isPresent() ? installed.get() : unpacked(directory);
        List<String> command = new ArrayList<>(WINDOWS ? List.of() : List.of("sh", "-c", TIED_TO_THIS_JVM, "redis"));
        command.addAll(List.of(executable, "--port", String.valueOf(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", directory.toString(), "--appendonly", "yes", "--save", ""));
        Path log = directory.resolve("redis.log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitAnswer(process, port, log);
        return "Redis %s (%s)".formatted(version(executable), installed.orElse("embedded"));
    }

    private static Optional<String> onThePath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, WINDOWS ? "redis-server.exe" : "redis-server"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String unpacked(Path directory) throws IOException {
        return ExecutableProvider.newJarResourceProvider(directory.toFile())
                .get()
                .getAbsolutePath();
    }

    private static String version(String executable) throws IOException {
        Process asked = new ProcessBuilder(executable, "--version").start();
        Matcher version = VERSION.matcher(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return version.find() ? version.group(1) : "of unknown version";
    }

    private static void awaitAnswer(Process process, int port, Path log) throws IOException {
        boolean answers = Await.within(Duration.ofSeconds(10), () -> !process.isAlive() || saysPong(port));
        if (!answers || !process.isAlive()) {
            throw new IOException("Redis did not start on port %d; %s says why".formatted(port, log));
        }
    }

    private static boolean saysPong(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
            if (WINDOWS || !process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}

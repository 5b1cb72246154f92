package io.distributedlock.testkit.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A {@code redis-server} to execute.
 *
 * @param file the executable
 * @param from where it was found, for people
 */
record RedisBinary(Path file, String from) {

    private static final Pattern VERSION = Pattern.compile("v=(\\S+)");

    static Optional<RedisBinary> onPath(List<String> reasons) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Optional<RedisBinary> found = Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(file -> new RedisBinary(file, "on PATH"));
        if (found.isEmpty()) {
            reasons.add("no redis-server on PATH");
        }
        return found;
    }

    static Optional<RedisBinary> embedded(List<String> reasons) {
        try {
            File file = ExecutableProvider.newJarResourceProvider().get();
            return Optional.of(new RedisBinary(file.toPath(), "embedded"));
        } catch (NoClassDefFoundError e) {
            reasons.add("embedded-redis is not on the class path");
        } catch (IOException | RuntimeException e) {
            reasons.add("embedded-redis has no binary for this system: " + e);
        }
        return Optional.empty();
    }

    String version() throws IOException {
        Process process = new ProcessBuilder(file.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = VERSION.matcher(text);
        return version.find() ? version.group(1) : text.strip();
    }
}

package io.distributedlock.testkit.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
        Optional<RedisBinary> found = Programs.directories()
                .map(directory -> directory.resolve("redis-server"))
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
        return Programs.version(file, VERSION);
    }
}

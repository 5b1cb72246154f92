package io.distributedlock.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs {@code initdb} and {@code postgres}.
 *
 * @param directory where both are
 */
record PostgresBinary(Path directory) {

    /** Debian and its like keep them off the PATH, one directory for each version. */
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

    static Optional<PostgresBinary> onPath(List<String> reasons) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Optional<PostgresBinary> found = Stream.concat(
                        Stream.of(path.split(File.pathSeparator))
                                .filter(directory -> !directory.isBlank())
                                .map(Path::of),
                        ofPackages())
                .map(PostgresBinary::new)
                .filter(binary -> Files.isExecutable(binary.initdb()) && Files.isExecutable(binary.postgres()))
                .findFirst();
        if (found.isEmpty()) {
            reasons.add("no initdb and postgres on PATH or in " + PACKAGES);
        }
        return found;
    }

    Path initdb() {
        return directory.resolve("initdb");
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    /** For people. */
    String version() throws IOException {
        Process process = new ProcessBuilder(postgres().toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.replaceFirst("^postgres \\(PostgreSQL\\) (\\S+)(?s:.*)", "$1");
    }

    private static Stream<Path> ofPackages() {
        if (!Files.isDirectory(PACKAGES)) {
            return Stream.empty();
        }
        List<Path> versions = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PACKAGES, "[0-9]*")) {
            all.forEach(versions::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        versions.sort(Comparator.reverseOrder());
        return versions.stream().map(version -> version.resolve("bin"));
    }
}

package io.distributedlock.testkit.server;

import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs {@code initdb} and {@code postgres}.
 *
 * @param directory where both are
 */
record PostgresBinary(Path directory) implements DatabaseBinary {

    /** Debian and its like keep them off the PATH, one directory for each version. */
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\S+)");

    static Optional<PostgresBinary> onPath(List<String> reasons) {
        Optional<PostgresBinary> found = Stream.concat(Programs.directories(), ofPackages())
                .map(PostgresBinary::new)
                .filter(binary -> Files.isExecutable(binary.initdb()) && Files.isExecutable(binary.server()))
                .findFirst();
        if (found.isEmpty()) {
            reasons.add("no initdb and postgres on PATH or in " + PACKAGES);
        }
        return found;
    }

    Path initdb() {
        return directory.resolve("initdb");
    }

    @Override
    public Path server() {
        return directory.resolve("postgres");
    }

    @Override
    public String version() throws IOException {
        return Programs.version(server(), VERSION);
    }

    /** A new server; it ends in order, since its children and its shared memory would outlive a kill. */
    @Override
    public DatabaseProcess start() throws IOException {
        DatabaseProcess process = new DatabaseProcess("postgres", Signal.INT::send);
        process.make(
                initdb().toString(),
                "--pgdata=" + process.data(),
                "--username=test",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions");
        process.start(
                "ready to accept connections",
                server().toString(),
                "-D",
                process.data().toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + process.port(),
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off");
        return process;
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

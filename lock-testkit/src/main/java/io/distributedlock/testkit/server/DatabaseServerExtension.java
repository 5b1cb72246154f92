package io.distributedlock.testkit.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real database for the tests of a class. */
abstract class DatabaseServerExtension implements BeforeAllCallback, AfterAllCallback {

    private final String product;
    private int depth;
    private @Nullable String url;
    private @Nullable String flavour;
    private @Nullable AutoCloseable server;

    DatabaseServerExtension(String product) {
        this.product = product;
    }

    /**
     * Where the database is, with user and password.
     *
     * @return for JDBC
     */
    public final String url() {
        return known(url);
    }

    /**
     * Which server this is, for people.
     *
     * @return for example {@code postgres 15.18 on PATH at 127.0.0.1:34567}
     */
    public final String flavour() {
        return known(flavour);
    }

    @Override
    @SuppressWarnings("SystemOut") // which server it was belongs to the result of the test
    public final void beforeAll(ExtensionContext context) throws IOException {
        // Nested classes inherit the extension, and JUnit calls it for each of them.
        if (depth++ > 0) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        if (!isFound(reasons)) {
            throw Unavailable.because(product, reasons);
        }
        System.out.println(context.getDisplayName() + " runs on " + flavour());
    }

    @Override
    public final void afterAll(ExtensionContext context) throws Exception {
        if (--depth == 0 && server != null) {
            server.close();
        }
    }

    /** Goes down the ladder, and keeps what is there or adds why it is not. */
    abstract boolean isFound(List<String> reasons) throws IOException;

    final boolean isNamed(String variable, List<String> reasons) {
        Optional<String> named = NamedServer.in(variable, reasons);
        named.ifPresent(there -> {
            url = there;
            flavour = product + " named by " + variable;
        });
        return named.isPresent();
    }

    final boolean isContainer(
            String image, int port, Map<String, String> environment, String urlOfAddress, List<String> reasons) {
        Optional<ContainerEngine.Server> container = ContainerEngine.start(image, port, environment, reasons);
        container.ifPresent(
                started -> found(started.container(), urlOfAddress, started.address(), "container of " + image));
        return container.isPresent();
    }

    final boolean isProcess(Optional<? extends DatabaseBinary> binary, String urlOfAddress, List<String> reasons)
            throws IOException {
        if (binary.isEmpty()) {
            return false;
        }
        Path program = binary.get().server();
        try {
            DatabaseProcess process = binary.get().start();
            String what = "%s %s on PATH"
                    .formatted(program.getFileName(), binary.get().version());
            found(process::close, urlOfAddress, process.address(), what);
            return true;
        } catch (IOException e) {
            reasons.add(program + " could not be started: " + e.getMessage());
            return false;
        }
    }

    final void found(AutoCloseable closeable, String urlOfAddress, String address, String what) {
        server = closeable;
        url = urlOfAddress.formatted(address);
        flavour = what + " at " + address;
    }

    private String known(@Nullable String value) {
        return Objects.requireNonNull(
                value, "The %s of a test exists between beforeAll and afterAll only".formatted(product));
    }
}

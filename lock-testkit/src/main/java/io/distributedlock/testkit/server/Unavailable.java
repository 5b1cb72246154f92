package io.distributedlock.testkit.server;

import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What happens when there is no server to test with: skipped with a printed reason, but failed in a CI build. */
final class Unavailable {

    private Unavailable() {}

    static RuntimeException because(String server, List<String> reasons) {
        return because(server, reasons, Boolean.parseBoolean(System.getenv("CI")));
    }

    @SuppressWarnings("SystemOut") // a reason that everybody sees, whatever the logging is
    static RuntimeException because(String server, List<String> reasons, boolean ci) {
        String message = "No " + server + " to test with: " + String.join("; ", reasons);
        System.out.println(message);
        if (ci) {
            return new IllegalStateException(message + " (CI=true: such tests must not be skipped)");
        }
        return Assumptions.abort(message);
    }
}

package io.distributedlock.testkit.server;

import java.util.List;
import java.util.Optional;

/** A server that runs already and is named by an environment variable. */
final class NamedServer {

    private NamedServer() {}

    static Optional<String> in(String variable, List<String> reasons) {
        String named = System.getenv(variable);
        if (named == null || named.isBlank()) {
            reasons.add(variable + " is not set");
            return Optional.empty();
        }
        return Optional.of(named);
    }
}

package io.distributedlock.autoconfigure;

import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What keeps the locks of this application apart from those of others in the same store. */
final class LockNamespace {

    private static final Logger log = LoggerFactory.getLogger(LockNamespace.class);

    private static final String DEFAULT = "default";

    private LockNamespace() {}

    /** The one that was set, else the name of the application. */
    static String of(LockProperties properties, Environment environment) {
        return given(properties, environment).orElse(DEFAULT);
    }

    /** As {@link #of}, for the store: says so when nobody has chosen one. */
    static String announced(LockProperties properties, Environment environment) {
        if (given(properties, environment).isEmpty()) {
            log.info("Neither lock.namespace nor spring.application.name is set: locks are shared with all applications"
                    + " of the namespace '" + DEFAULT + "' in the same store");
        }
        return of(properties, environment);
    }

    private static Optional<String> given(LockProperties properties, Environment environment) {
        return Stream.of(
                        Optional.ofNullable(properties.namespace()),
                        Optional.ofNullable(environment.getProperty("spring.application.name")))
                .flatMap(Optional::stream)
                .filter(StringUtils::hasText)
                .map(String::trim)
                .findFirst();
    }
}

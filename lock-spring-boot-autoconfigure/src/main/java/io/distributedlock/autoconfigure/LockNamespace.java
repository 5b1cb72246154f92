package io.distributedlock.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What keeps the locks of this application apart from those of others in the same store. */
final class LockNamespace {

    private static final Logger log = LoggerFactory.getLogger(LockNamespace.class);

    private LockNamespace() {}

    /** The one that was set, else the name of the application. */
    static String of(LockProperties properties, Environment environment) {
        if (StringUtils.hasText(properties.namespace())) {
            return properties.namespace().trim();
        }
        String application = environment.getProperty("spring.application.name");
        if (StringUtils.hasText(application)) {
            return application.trim();
        }
        log.info("Neither lock.namespace nor spring.application.name is set: locks are shared with all applications"
                + " of the namespace 'default' in the same store");
        return "default";
    }
}

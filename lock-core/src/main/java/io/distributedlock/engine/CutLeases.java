package io.distributedlock.engine;

import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once for each declared name, that a store whose locks live in the client's session gives less than was asked for.
 * It is not refused, because an application can exchange its store by one property.
 */
final class CutLeases {

    private static final Logger log = LoggerFactory.getLogger(LockEngine.class);

    /** A caller may make up declared names without end; nothing here may grow with them. */
    private static final int MAX_NAMES = 200;

    private final LockBackend backend;
    private final Map<String, Boolean> said = new ConcurrentHashMap<>();

    CutLeases(LockBackend backend) {
        this.backend = backend;
    }

    void sayOnce(Terms terms, Duration granted) {
        if (backend.capabilities().leasePerLock() || granted.compareTo(terms.leaseTime()) >= 0) {
            return;
        }
        String template = terms.request().template();
        String name = template == null ? "(undeclared)" : template;
        if (said.size() < MAX_NAMES && said.putIfAbsent(name, true) == null) {
            log.info(
                    "Lock '{}' asks for a leaseTime of {}; {} gives {}, because its locks live as long as its session. A"
                            + " longer session timeout gives more.",
                    name,
                    terms.leaseTime(),
                    backend.description(),
                    granted);
        }
    }
}

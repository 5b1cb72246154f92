package io.distributedlock.autoconfigure;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Asks the store how it is as soon as the application has started, without waiting for it: the first locked call finds an
 * open connection, and what is wrong with the store stands in the log before somebody needs a lock.
 */
final class StoreGreeting implements ApplicationListener<ApplicationStartedEvent> {

    private static final Logger log = LoggerFactory.getLogger(StoreGreeting.class);

    private final LockBackend backend;

    StoreGreeting(LockBackend backend) {
        this.backend = backend;
    }

    @Override
    public void onApplicationEvent(ApplicationStartedEvent event) {
        backend.check().whenComplete((status, failure) -> {
            if (failure == null) {
                report(status);
            } else {
                log.warn(
                        "{} does not answer yet. Locked calls fail until it does: {}",
                        backend.description(),
                        failure.getMessage());
            }
        });
    }

    private void report(BackendStatus status) {
        if (status.findings().isEmpty()) {
            log.info("Locks live in {}", backend.description());
        }
        status.findings().forEach(finding -> log.warn("Locks live in {}, where {}", backend.description(), finding));
    }
}

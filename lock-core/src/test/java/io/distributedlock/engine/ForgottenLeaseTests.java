package io.distributedlock.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("a lease that nobody closes")
class ForgottenLeaseTests extends EngineFixture {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LockEngine.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void isReportedOnceWithTheStackThatAcquiredItAfterTenLeaseTimes() {
        try (Lease lease = engine.acquire(order)) {
            time.pass(ofSeconds(149));
            assertThat(warnings()).isEmpty();
            time.pass(ofMinutes(10));
            assertThat(lease.isHeld()).isTrue();
            assertThat(warnings()).singleElement().asString().contains("order:42", "\tat org.junit");
        }
    }

    @Test
    void isNotReportedWhenItHasAMaximumHoldTimeOrWasDeclared() {
        try (Lease bounded = engine.acquire(order.maxHoldTime(ofHours(1)));
                Lease declared = engine.acquire(LockRequest.of("report").template("report"))) {
            time.pass(ofMinutes(30));
            assertThat(bounded.isHeld()).isTrue();
            assertThat(declared.isHeld()).isTrue();
            assertThat(warnings()).isEmpty();
        }
    }

    private List<String> warnings() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}

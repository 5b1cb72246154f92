package io.distributedlock.engine;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("a store whose locks live in a session shorter than the lease")
class CutLeaseTests extends EngineFixture {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LockEngine.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        backend.session = ofSeconds(6);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void saysOnceForEachDeclaredNameWhatItGives() {
        LockRequest declared = order.template("order:#{#id}");
        try (Lease lease = engine.acquire(declared)) {
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofSeconds(6));
        }
        engine.acquire(declared).close();
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("order:#{#id}", "PT15S", "PT6S", "Test store at nowhere:1");
    }

    @Test
    void saysNothingOfALeaseThatFits() {
        engine.acquire(order.leaseTime(ofSeconds(1))).close();
        assertThat(log.list).isEmpty();
    }
}

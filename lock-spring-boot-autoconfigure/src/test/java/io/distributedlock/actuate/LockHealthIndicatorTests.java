package io.distributedlock.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

@Timeout(30)
class LockHealthIndicatorTests {

    private final FaultyLockBackend backend = new FaultyLockBackend(new InMemoryLockBackend());
    private final LockHealthIndicator indicator = new LockHealthIndicator(backend);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void saysAllThatTheStoreSaysOfItself() {
        Health health = healthOf(new BackendStatus(
                Duration.ofNanos(1_234_567),
                Duration.ofMillis(-250),
                Duration.ofSeconds(10),
                List.of("maxmemory-policy is allkeys-lru; set it to noeviction")));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsExactly(
                        entry("backend", "store at 127.0.0.1:4711"),
                        entry("roundTripMillis", 1.234),
                        entry("clockDifferenceMillis", -250.0),
                        entry("deadHolderForgottenAfter", Duration.ofSeconds(10)),
                        entry("findings", List.of("maxmemory-policy is allkeys-lru; set it to noeviction")));
    }

    @Test
    void leavesOutTheClockOfAStoreThatHidesItAndSaysThatEachLockHasItsOwnTime() {
        Health health = healthOf(new BackendStatus(Duration.ZERO, null, null, List.of()));

        assertThat(health.getDetails())
                .doesNotContainKey("clockDifferenceMillis")
                .containsEntry("deadHolderForgottenAfter", "the lease time of each lock");
    }

    @Test
    void isDownWithAddressAndCauseWhenTheStoreCannotBeReached() {
        backend.inject(Operation.CHECK, Fault.NOT_SENT);

        Health health = indicator.health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsExactly(
                        entry("backend", backend.description()),
                        entry("error", "java.io.IOException: Injected: CHECK was not sent"));
    }

    @Test
    void isDownWhenTheStoreDoesNotAnswer() {
        backend.inject(Operation.CHECK, Fault.NO_ANSWER);

        Health health = indicator.health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsExactly(
                        entry("backend", backend.description()),
                        entry("error", "java.util.concurrent.TimeoutException: did not answer within 2000 ms"));
    }

    @Test
    void isDownAndKeepsTheFlagWhenInterrupted() {
        backend.inject(Operation.CHECK, Fault.NO_ANSWER);
        Thread.currentThread().interrupt();
        Health health;
        try {
            health = indicator.health();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    }

    private Health healthOf(BackendStatus status) {
        LockBackend reporting = (LockBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LockBackend.class},
                (proxy, method, arguments) -> method.getName().equals("check")
                        ? CompletableFuture.completedFuture(status)
                        : "store at 127.0.0.1:4711");
        return new LockHealthIndicator(reporting).health();
    }
}

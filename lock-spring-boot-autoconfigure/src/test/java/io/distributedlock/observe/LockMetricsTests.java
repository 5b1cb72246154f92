package io.distributedlock.observe;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockBackendException;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockManager;
import io.distributedlock.LockMode;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockMetricsTests {

    private static final String ORDER = "order:#{#id}";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FaultyLockBackend backend = new FaultyLockBackend(new InMemoryLockBackend());
    private LockMetrics metrics;
    private LockEngine engine;

    @BeforeEach
    void listen() {
        metrics = new LockMetrics(() -> registry, () -> Stream.<LockManager>of(engine));
        engine = LockEngine.builder(backend)
                .listener(metrics)
                .shutdownTimeout(ZERO)
                .build();
        metrics.bindTo(registry);
    }

    @AfterEach
    void close() {
        engine.close();
        backend.close();
    }

    @Test
    void countsLocksByTheirDeclaredNameAndNeverByTheirOwn() {
        engine.acquire(order(1)).close();
        engine.acquire(order(2)).close();

        assertThat(acquired(ORDER)).isEqualTo(2);
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .doesNotContain("order:1", "order:2");
    }

    @Test
    void countsWhatBecameOfAReleaseThatNobodyWaitedFor() {
        try (LockEngine pipelining = LockEngine.builder(backend)
                .listener(metrics)
                .release(ReleaseMode.PIPELINED)
                .shutdownTimeout(ZERO)
                .build()) {
            Lease answered = pipelining.acquire(order(1));
            assertThat(answered.release()).isIn(ReleaseOutcome.DEFERRED, ReleaseOutcome.RELEASED);
            await().untilAsserted(() ->
                    assertThat(count("lock.releases", "outcome", "released")).isEqualTo(1));

            Lease unanswered = pipelining.acquire(order(2).leaseTime(ofMillis(200)));
            backend.inject(Operation.RELEASE, Fault.NO_ANSWER);
            assertThat(unanswered.release()).isEqualTo(ReleaseOutcome.DEFERRED);
            await().untilAsserted(() ->
                    assertThat(count("lock.releases", "outcome", "unknown")).isEqualTo(1));
        }
    }

    @Test
    void countsLocksWithoutADeclaredNameUnderOneValue() {
        engine.acquire(LockRequest.of("one")).close();
        engine.acquire(LockRequest.of("two")).close();

        assertThat(acquired("programmatic")).isEqualTo(2);
    }

    @Test
    void countsCallsWhoseConditionLetThemRunWithoutTheLock() {
        metrics.bypassed(ORDER);

        assertThat(registry.get("lock.bypassed")
                        .tag("lock.name", ORDER)
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void tellsALockThatOthersHaveFromAnError() {
        Lease lease = engine.acquireAsync(order(1)).join();

        assertThat(engine.tryAcquire(order(1))).isEmpty();

        assertThat(count("lock.acquire", "outcome", "contended")).isEqualTo(1);
        assertThat(count("lock.acquire", "outcome", "error")).isZero();
        lease.close();
    }

    @Test
    void countsAStoreThatFailsAsAnError() {
        backend.inject(Operation.ACQUIRE, Fault.NOT_SENT);

        assertThatExceptionOfType(LockBackendException.class)
                .isThrownBy(() -> engine.acquire(order(1).waitTime(ofMillis(50))));

        assertThat(count("lock.acquire", "outcome", "error")).isEqualTo(1);
        assertThat(count("lock.acquire", "outcome", "contended")).isZero();
        assertThat(registry.get("lock.acquire").tag("outcome", "error").timer().totalTime(TimeUnit.MILLISECONDS))
                .isGreaterThanOrEqualTo(40);
    }

    @Test
    void countsAnInterruptedCallerAsAnError() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(LockInterruptedException.class).isThrownBy(() -> engine.acquire(order(1)));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(count("lock.acquire", "outcome", "error")).isEqualTo(1);
    }

    @Test
    void timesHowLongALockWasHeld() {
        LeaseInfo lease = new LeaseInfo("order:1", ORDER, "h", 1, LockMode.EXCLUSIVE, Instant.now(), ZERO, "t", false);

        metrics.released(lease, ofMillis(250), ReleaseOutcome.RELEASED);

        Timer hold = registry.get("lock.hold").tag("lock.name", ORDER).timer();
        assertThat(hold.count()).isEqualTo(1);
        assertThat(hold.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(250);
    }

    @Test
    void showsHowManyLeasesAreOpen() {
        Lease one = engine.acquire(order(1));
        Lease two = engine.acquire(order(2));
        assertThat(registry.get("lock.held").gauge().value()).isEqualTo(2);

        one.close();
        two.close();
        assertThat(registry.get("lock.held").gauge().value()).isZero();
    }

    @Test
    void showsOfHowManyLeasesNobodyKnowsWhetherTheyWereProlonged() {
        LockManager unsure = mock(LockManager.class);
        LeaseInfo known = new LeaseInfo("a", null, "h", 1, LockMode.EXCLUSIVE, Instant.now(), ZERO, "t", false);
        LeaseInfo suspect = new LeaseInfo("b", null, "i", 1, LockMode.EXCLUSIVE, Instant.now(), ZERO, "t", true);
        when(unsure.held()).thenReturn(List.of(known, suspect));
        MeterRegistry own = new SimpleMeterRegistry();
        new LockMetrics(() -> own, () -> Stream.of(unsure)).bindTo(own);

        assertThat(own.get("lock.held").gauge().value()).isEqualTo(2);
        assertThat(own.get("lock.suspect").gauge().value()).isEqualTo(1);
    }

    @Test
    void countsRenewals() {
        Lease lease = engine.acquire(order(1).leaseTime(ofMillis(300)));

        await().untilAsserted(() ->
                assertThat(count("lock.renewals", "outcome", "renewed")).isGreaterThanOrEqualTo(2));

        lease.close();
    }

    @Test
    void countsALeaseThatTheStoreGaveAwayAsLostAndItsTimeAsHeld() {
        Lease lease = engine.acquire(order(1).leaseTime(ofMillis(300)));
        backend.forceRelease("order:1").join();

        await().untilAsserted(() ->
                assertThat(count("lock.lost", "reason", "not-held")).isEqualTo(1));
        await().untilAsserted(() ->
                assertThat(count("lock.renewals", "outcome", "lost")).isEqualTo(1));
        lease.close();

        assertThat(registry.get("lock.hold").tag("lock.name", ORDER).timer().count())
                .isEqualTo(1);
        assertThat(registry.get("lock.held").gauge().value()).isZero();
    }

    @Test
    void countsRenewalsThatFailUntilTheLeaseHasExpired() {
        Lease lease = engine.acquire(order(1).leaseTime(ofMillis(300)));
        backend.inject(Operation.RENEW, Fault.NOT_SENT);

        // A JVM that stands still meanwhile loses it for that reason.
        await().untilAsserted(() -> assertThat(
                        count("lock.lost", "reason", "expired") + count("lock.lost", "reason", "paused"))
                .isEqualTo(1));
        assertThat(count("lock.renewals", "outcome", "failed")).isPositive();
        assertThat(count("lock.renewals", "outcome", "lost")).isZero();
        lease.close();
    }

    @Test
    void countsNamesThatAreDeclaredWithoutEndTogether() {
        for (int i = 0; i < LockMetrics.MAX_NAMES + 5; i++) {
            engine.acquire(LockRequest.of("a").template("template " + i)).close();
        }

        assertThat(registry.find("lock.hold").timers()).hasSize(LockMetrics.MAX_NAMES + 1);
        assertThat(acquired("other")).isEqualTo(5);
        assertThat(acquired("template 0")).isEqualTo(1);
    }

    private static LockRequest order(int id) {
        return LockRequest.of("order:" + id).template(ORDER);
    }

    private long acquired(String declared) {
        return registry.get("lock.acquire")
                .tag("lock.name", declared)
                .tag("outcome", "acquired")
                .timer()
                .count();
    }

    private double count(String meter, String tag, String value) {
        return registry.get(meter)
                .tag("lock.name", ORDER)
                .tag(tag, value)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }
}

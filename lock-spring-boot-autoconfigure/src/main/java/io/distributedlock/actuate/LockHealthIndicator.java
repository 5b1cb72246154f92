package io.distributedlock.actuate;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the store of the locks answers, and what is wrong with its configuration. Findings do not make it DOWN: locks
 * are taken all the same.
 */
public final class LockHealthIndicator extends AbstractHealthIndicator {

    /** Shorter than what a client waits for a connection: who asks for health has a time-out, too. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final LockBackend backend;

    /**
     * Made once per backend.
     *
     * @param backend the store to be asked
     */
    public LockHealthIndicator(LockBackend backend) {
        super("Lock health check failed");
        this.backend = backend;
    }

    /** What is thrown here is DOWN, with the details so far. */
    @Override
    protected void doHealthCheck(Health.Builder health) throws Exception {
        health.withDetail("backend", backend.description());
        BackendStatus status = ask();
        health.up().withDetail("roundTripMillis", millis(status.roundTrip()));
        if (status.clockDifference() != null) {
            health.withDetail("clockDifferenceMillis", millis(status.clockDifference()));
        }
        health.withDetail("deadHolderForgottenAfter", forgetting(status.deadHolderForgottenAfter()));
        health.withDetail("findings", status.findings());
    }

    private BackendStatus ask() throws Exception {
        try {
            return backend.check().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("did not answer within " + PATIENCE.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    private static double millis(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / 1_000.0;
    }

    private static Object forgetting(@Nullable Duration sameForAll) {
        return sameForAll == null ? "the lease time of each lock" : sameForAll;
    }
}

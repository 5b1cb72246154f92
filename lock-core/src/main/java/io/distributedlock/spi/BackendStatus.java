package io.distributedlock.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a store is, asked just now.
 *
 * @param roundTrip how long the store took to answer
 * @param clockDifference the store's clock minus this JVM's; {@code null} if the store does not tell its time
 * @param deadHolderForgottenAfter after which time the store forgets a holder that died, when that is not the lease time
 *     of each lock but one time for all; {@code null} otherwise
 * @param findings what is wrong with the store's configuration, a sentence each with the mend; empty when all is well
 */
public record BackendStatus(
        Duration roundTrip,
        @Nullable Duration clockDifference,
        @Nullable Duration deadHolderForgottenAfter,
        List<String> findings) {

    /** Copies the list. */
    public BackendStatus {
        findings = List.copyOf(findings);
    }
}

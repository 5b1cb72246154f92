package io.distributedlock.observe;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LossReason;
import java.time.Duration;

/**
 * An application event: a lease ended before its holder gave it back.
 *
 * @param lease the lease
 * @param reason why
 * @param late how long after the end of its time that was noticed: for so long its holder may have worked beside the next one
 *     without knowing
 */
public record LeaseLostEvent(LeaseInfo lease, LossReason reason, Duration late) {}

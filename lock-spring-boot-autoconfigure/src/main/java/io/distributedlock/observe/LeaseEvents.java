package io.distributedlock.observe;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LossReason;
import java.time.Duration;
import org.springframework.context.ApplicationEventPublisher;

/** Makes application events of losses. */
public final class LeaseEvents implements LockListener {

    private final ApplicationEventPublisher publisher;

    /**
     * Made once per application.
     *
     * @param publisher hears of them, on the thread that noticed
     */
    public LeaseEvents(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void lost(LeaseInfo lease, LossReason reason, Duration late) {
        publisher.publishEvent(new LeaseLostEvent(lease, reason, late));
    }
}

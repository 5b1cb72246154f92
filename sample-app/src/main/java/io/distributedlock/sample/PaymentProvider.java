package io.distributedlock.sample;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Stands for a service far away that takes its time. */
@Component
class PaymentProvider {

    private static final Logger log = LoggerFactory.getLogger(PaymentProvider.class);

    void charge(Order order, Duration takes) {
        log.info("Charging {} for order {}", order.customer(), order.id());
        try {
            Thread.sleep(takes.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while charging for order " + order.id(), e);
        }
    }
}

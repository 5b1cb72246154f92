package io.distributedlock.sample;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.annotation.DistributedLock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes the customers' money. */
@Service
public class Payments {

    private final Orders orders;
    private final PaymentProvider provider;
    private final LockManager locks;
    private final String instance;

    Payments(Orders orders, PaymentProvider provider, LockManager locks, @Value("${sample.instance}") String instance) {
        this.orders = orders;
        this.provider = provider;
        this.locks = locks;
        this.instance = instance;
    }

    /**
     * Charges the customer, once, however often it is called. The lock is taken before the transaction begins and given
     * back after it has committed, so whoever comes next sees the order as paid.
     */
    @DistributedLock("order:#{#id}")
    @Transactional
    public Receipt pay(long id, Duration takes) {
        Order order = orders.get(id);
        if (order.paid()) {
            return new Receipt(id, order.total(), false, instance);
        }
        provider.charge(order, takes);
        // After a long call the lock may be another's, who pays now: throwing rolls this transaction back.
        locks.current().ifPresent(Lease::ensureHeld);
        orders.savePayment(order, instance);
        return new Receipt(id, order.total(), true, instance);
    }
}

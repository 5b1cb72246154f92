package io.distributedlock.sample;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes the customers' money. */
@Service
public class Payments {

    private final Orders orders;
    private final PaymentProvider provider;
    private final String instance;

    Payments(Orders orders, PaymentProvider provider, @Value("${sample.instance}") String instance) {
        this.orders = orders;
        this.provider = provider;
        this.instance = instance;
    }

    /**
     * Charges the customer, once, however often it is called. The lock is taken before the transaction begins and given
     * back after it has committed, so whoever comes next sees the order as paid. The call of the provider may be long: should
     * the lock be lost meanwhile, the transaction is rolled back, also when this instance does not know of it.
     */
    @DistributedLock(name = "order:#{#id}", guarantee = Guarantee.CORRECTNESS)
    @Transactional
    public Receipt pay(long id, Duration takes) {
        Order order = orders.get(id);
        if (order.paid()) {
            return new Receipt(id, order.total(), false, instance);
        }
        provider.charge(order, takes);
        orders.savePayment(order, instance);
        return new Receipt(id, order.total(), true, instance);
    }
}

package io.distributedlock.sample;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.test.util.AopTestUtils;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The same methods, as if nobody had annotated them: behind their proxies, in a transaction, without a lock. */
@RestController
class UnlockedController {

    private final Payments payments;
    private final Stock stock;
    private final TransactionTemplate transaction;

    UnlockedController(Payments payments, Stock stock, TransactionTemplate transaction) {
        this.payments = AopTestUtils.getUltimateTargetObject(payments);
        this.stock = AopTestUtils.getUltimateTargetObject(stock);
        this.transaction = transaction;
    }

    @PostMapping("/unlocked/orders/{id}/pay")
    Receipt pay(@PathVariable long id) {
        return transaction.execute(status -> payments.pay(id, Duration.ofMillis(100)));
    }

    @PostMapping("/unlocked/stock/{sku}/reserve")
    @ResponseStatus(HttpStatus.CREATED)
    Item reserve(@PathVariable String sku) {
        return transaction.execute(status -> stock.reserve(sku));
    }
}

package io.distributedlock.sample;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What the shop begins with: ten orders to pay and two articles to reserve. */
@Component
class Shop implements ApplicationRunner {

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    Shop(JdbcClient database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
    }

    /** Whoever comes second finds the rows of the first: started together, one of them waits for the other's commit. */
    @Override
    public void run(ApplicationArguments args) {
        try {
            transaction.executeWithoutResult(status -> fill());
        } catch (DuplicateKeyException alreadyOpen) {
            return;
        }
    }

    void reset() {
        transaction.executeWithoutResult(status -> {
            for (String table : new String[] {"payments", "reservations", "reports", "orders", "stock"}) {
                database.sql("delete from " + table).update();
            }
            fill();
        });
    }

    private void fill() {
        database.sql("insert into orders (id, customer, total) select x, 'customer ' || x, 10 * x + 0.99"
                        + " from system_range(1, 10)")
                .update();
        database.sql("insert into stock (sku, quantity) values ('chair', 100), ('table', 10)")
                .update();
    }
}

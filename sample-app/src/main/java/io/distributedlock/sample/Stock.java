package io.distributedlock.sample;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What is left to sell. Reads, computes and writes back, as business code does: correct only because of the lock. */
@Service
public class Stock {

    private static final String SELECT =
            "select s.*, (select count(*) from reservations r where r.sku = s.sku) as reservations from stock s";

    private final JdbcClient database;
    private final String instance;

    Stock(JdbcClient database, @Value("${sample.instance}") String instance) {
        this.database = database;
        this.instance = instance;
    }

    /** Reserves one piece. A crowd may wait longer here than elsewhere: better late than sent away. */
    @DistributedLock(name = "stock:#{#sku}", waitTime = "20s", guarantee = Guarantee.CORRECTNESS)
    @Transactional
    public Item reserve(String sku) {
        Item item = get(sku);
        if (item.quantity() == 0) {
            throw new SoldOutException(sku);
        }
        int left = item.quantity() - 1;
        database.sql("insert into reservations (sku, instance) values (?, ?)")
                .params(sku, instance)
                .update();
        database.sql("update stock set quantity = ? where sku = ?")
                .params(left, sku)
                .update();
        return new Item(sku, left, item.reservations() + 1);
    }

    List<Item> all() {
        return database.sql(SELECT + " order by s.sku").query(Item.class).list();
    }

    Item get(String sku) {
        return database.sql(SELECT + " where s.sku = ?")
                .param(sku)
                .query(Item.class)
                .optional()
                .orElseThrow(() -> new NotFoundException("There is no article " + sku));
    }
}

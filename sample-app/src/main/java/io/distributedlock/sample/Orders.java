package io.distributedlock.sample;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Orders and their payments in the database. Nothing here keeps two callers apart. */
@Repository
class Orders {

    private static final String SELECT =
            "select o.*, (select count(*) from payments p where p.order_id = o.id) as payments from orders o";

    private final JdbcClient database;

    Orders(JdbcClient database) {
        this.database = database;
    }

    List<Order> all() {
        return database.sql(SELECT + " order by o.id").query(Order.class).list();
    }

    Order get(long id) {
        return database.sql(SELECT + " where o.id = ?")
                .param(id)
                .query(Order.class)
                .optional()
                .orElseThrow(() -> new NotFoundException("There is no order " + id));
    }

    void savePayment(Order order, String instance) {
        database.sql("insert into payments (order_id, amount, instance) values (?, ?, ?)")
                .params(order.id(), order.total(), instance)
                .update();
        database.sql("update orders set paid = true where id = ?")
                .param(order.id())
                .update();
    }
}

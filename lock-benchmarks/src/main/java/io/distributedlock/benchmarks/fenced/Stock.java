package io.distributedlock.benchmarks.fenced;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Reads a row, computes, writes it: the same under each kind of protection. */
public class Stock {

    private final JdbcTemplate jdbc;

    Stock(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Without a lock. */
    @Transactional
    public void transactional(long id) {
        sell(id);
    }

    /** Under a lock. */
    @Transactional
    @DistributedLock("stock:#{#id}")
    public void locked(long id) {
        sell(id);
    }

    /** Under a lock, with the fence as the first statement. */
    @Transactional
    @DistributedLock(name = "stock:#{#id}", guarantee = Guarantee.CORRECTNESS)
    public void fenced(long id) {
        sell(id);
    }

    /** How many were sold so far. */
    public long sold() {
        return count("select coalesce(sum(sold), 0) from stock");
    }

    /** How many resources have a mark. */
    public long marks() {
        return count("select count(*) from lock_fence");
    }

    private void sell(long id) {
        long sold = count("select sold from stock where id = ?", id);
        jdbc.update("update stock set sold = ? where id = ?", sold + 1, id);
    }

    private long count(String sql, Object... arguments) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, arguments));
    }
}

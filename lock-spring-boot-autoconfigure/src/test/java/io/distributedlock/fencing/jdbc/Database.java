package io.distributedlock.fencing.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.distributedlock.testkit.server.MariaDbServerExtension;
import io.distributedlock.testkit.server.PostgresServerExtension;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with an empty table of marks. */
final class Database implements AutoCloseable {

    final HikariDataSource dataSource = new HikariDataSource();
    final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    private final JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
    private int isolation = TransactionDefinition.ISOLATION_READ_COMMITTED;

    private Database(String url, Dialect dialect) {
        dataSource.setJdbcUrl(url);
        dataSource.setMaximumPoolSize(20);
        jdbc.execute("drop table if exists lock_fence");
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(new ClassPathResource(dialect.script())), dataSource);
    }

    /** With a wait for locks of its own, which no time-out of a query ends. */
    static Database h2(int lockTimeoutMillis) {
        return new Database("jdbc:h2:mem:fence;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=" + lockTimeoutMillis, Dialect.H2);
    }

    static Database postgres(PostgresServerExtension server) {
        return new Database(server.url(), Dialect.POSTGRESQL);
    }

    /** As its own driver speaks to it. Options begin with an ampersand each. */
    static Database mariaDb(MariaDbServerExtension server, String options) {
        return new Database(server.url() + options, Dialect.MARIADB);
    }

    /** As the driver of MySQL speaks to it, which takes it for a MySQL. */
    static Database mariaDbByMySqlDriver(MariaDbServerExtension server, String options) {
        return new Database(server.url().replace("jdbc:mariadb:", "jdbc:mysql:") + options, Dialect.MARIADB);
    }

    /** Of the transactions that do not say which they want. */
    Database isolation(int isolation) {
        this.isolation = isolation;
        return this;
    }

    JdbcFence.Builder fence() {
        return JdbcFence.builder(dataSource);
    }

    <T> T inTransaction(Supplier<T> work) {
        return inTransaction(isolation, TransactionDefinition.TIMEOUT_DEFAULT, work);
    }

    void inNewTransaction(Runnable work) {
        TransactionTemplate template = new TransactionTemplate(transactions);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        template.executeWithoutResult(status -> work.run());
    }

    <T> T inTransaction(int isolation, int timeoutSeconds, Supplier<T> work) {
        TransactionTemplate template = new TransactionTemplate(transactions);
        template.setIsolationLevel(isolation);
        template.setTimeout(timeoutSeconds);
        return template.execute(status -> work.get());
    }

    List<Long> marks() {
        return jdbc.queryForList("select token from lock_fence order by token", Long.class);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

package io.distributedlock.fencing.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.stream.Stream;

/** What databases say differently. */
enum Dialect {
    POSTGRESQL("PostgreSQL", " on conflict do nothing"),
    /** Not {@code insert ignore}, which locks a row that is there for sharing only: of two that wait, both would go on to a deadlock. */
    MYSQL("MySQL", " on duplicate key update resource = resource"),
    MARIADB("MariaDB", " on duplicate key update resource = resource"),
    /** Has no insert that passes over a key that is there: it fails, which ends the statement and not the transaction. */
    H2("H2", "");

    private final String product;
    private final String unlessThere;

    Dialect(String product, String unlessThere) {
        this.product = product;
        this.unlessThere = unlessThere;
    }

    static Dialect of(DatabaseMetaData database) throws SQLException {
        // The driver of MySQL takes a MariaDB for a MySQL.
        String product = String.valueOf(database.getDatabaseProductVersion()).contains(MARIADB.product)
                ? MARIADB.product
                : database.getDatabaseProductName();
        return Stream.of(values())
                .filter(dialect -> dialect.product.equals(product))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "JdbcFence does not know the database '%s', only PostgreSQL, MySQL, MariaDB and H2. Define a bean of type io.distributedlock.fencing.Fence for it"
                                .formatted(product)));
    }

    /** On the class path. */
    String script() {
        return "io/distributedlock/fencing/jdbc/schema-%s.sql".formatted(name().toLowerCase(Locale.ROOT));
    }

    /** In H2 the time-out of a statement is one of its connection, and would go back to the pool with that. */
    boolean hasTimeOutsOfStatements() {
        return this != H2;
    }

    boolean isInnoDb() {
        return this == MYSQL || this == MARIADB;
    }

    String insert(String table) {
        return "insert into %s (resource, token, holder, touched) values (?, ?, ?, current_timestamp(6))%s"
                .formatted(table, unlessThere);
    }

    /** PostgreSQL asks for the time twice: a mark may be touched between being chosen and being deleted. */
    String deleteUntouched(String table, int limit) {
        return this == H2
                ? "delete from %s where touched < ? fetch first %d rows only".formatted(table, limit)
                : "delete from %1$s where touched < ? and resource in (select resource from %1$s where touched < ? limit %2$d)"
                        .formatted(table, limit);
    }

    int timesInDelete() {
        return this == H2 ? 1 : 2;
    }
}

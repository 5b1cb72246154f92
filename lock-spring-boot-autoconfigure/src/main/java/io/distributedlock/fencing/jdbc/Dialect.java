package io.distributedlock.fencing.jdbc;

import java.util.Locale;
import java.util.stream.Stream;

/** What databases say differently. */
enum Dialect {
    POSTGRESQL("PostgreSQL", "insert into", " on conflict do nothing"),
    MYSQL("MySQL", "insert ignore into", ""),
    MARIADB("MariaDB", "insert ignore into", ""),
    /** Has no insert that passes over a key that is there: it fails, which ends the statement and not the transaction. */
    H2("H2", "insert into", "");

    private final String product;
    private final String insertInto;
    private final String unlessThere;

    Dialect(String product, String insertInto, String unlessThere) {
        this.product = product;
        this.insertInto = insertInto;
        this.unlessThere = unlessThere;
    }

    static Dialect of(String product) {
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

    String insert(String table) {
        return "%s %s (resource, token, holder, touched) values (?, ?, ?, current_timestamp(6))%s"
                .formatted(insertInto, table, unlessThere);
    }

    /** PostgreSQL asks for the time twice: a mark may be touched between being chosen and being deleted. */
    String deleteUntouched(String table, int limit) {
        return switch (this) {
            case MYSQL, MARIADB -> "delete from %s where touched < ? limit %d".formatted(table, limit);
            case H2 -> "delete from %s where touched < ? fetch first %d rows only".formatted(table, limit);
            case POSTGRESQL ->
                "delete from %1$s where touched < ? and resource in (select resource from %1$s where touched < ? limit %2$d)"
                        .formatted(table, limit);
        };
    }

    int timesInDelete() {
        return this == POSTGRESQL ? 2 : 1;
    }
}

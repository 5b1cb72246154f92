package io.distributedlock.fencing.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What MySQL and MariaDB need and the others do not. Their transactions read, unless told otherwise, what was there at
 * their first read (REPEATABLE READ), and write to what is there now.
 */
final class InnoDb {

    /** The row has changed since the transaction's first read; a lock was not to be had in innodb_lock_wait_timeout. */
    private static final Set<Integer> TRY_AGAIN = Set.of(1020, 1205);

    private final JdbcTemplate jdbc;
    private final String table;

    InnoDb(JdbcTemplate jdbc, String table) {
        this.jdbc = jdbc;
        this.table = table;
    }

    /** Drivers do not agree on these. */
    static @Nullable DataAccessException tryAgain(String task, @Nullable String sql, SQLException e) {
        return TRY_AGAIN.contains(e.getErrorCode())
                ? new CannotAcquireLockException("%s; SQL [%s]; %s".formatted(task, sql, e.getMessage()), e)
                : null;
    }

    /**
     * Whether this transaction reads the mark as it stands. The outer query sees and locks what is there now, the inner one
     * what the transaction reads, which is the same unless it has read before. To be asked before the mark is raised:
     * everybody sees what he has written himself.
     */
    boolean isUpToDate(String resource) {
        List<@Nullable Boolean> same = jdbc.queryForList("""
                select exists (select 1 from %1$s seen where seen.resource = mark.resource and seen.token = mark.token \
                and seen.holder = mark.holder and seen.touched = mark.touched) from %1$s mark where mark.resource = ? for update""".formatted(table), Boolean.class, resource);
        return same.contains(true);
    }

    /** Seconds since 1970, since drivers and servers may have different ideas of the time zone. */
    List<String> untouchedSince(Instant time, int limit) {
        return jdbc.query(
                "select resource from %s where touched < from_unixtime(?) limit %d".formatted(table, limit),
                (row, number) -> row.getString(1),
                time.getEpochSecond());
    }

    /**
     * Finds its rows by their names: on the way through any other index, or the whole table, it would wait for marks that are
     * in use, and keep others from all that it has passed.
     */
    int deleteUntouchedSince(Instant time, List<String> resources) {
        List<Object> arguments = new ArrayList<>(resources);
        arguments.add(time.getEpochSecond());
        return jdbc.update(
                "delete mark from %s mark force index (primary) where mark.resource in (%s) and mark.touched < from_unixtime(?)"
                        .formatted(table, String.join(", ", Collections.nCopies(resources.size(), "?"))),
                arguments.toArray());
    }
}

package io.distributedlock.fencing.jdbc;

import io.distributedlock.fencing.FencingToken;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table of the marks. */
final class Marks {

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final InnoDb innoDb;
    private final TransactionTemplate ownTransaction;
    private final Duration lockWait;
    private final String table;
    private final String update;
    private final String lock;
    private volatile @Nullable Dialect dialect;

    Marks(DataSource dataSource, String table, Duration lockWait) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        SQLExceptionSubclassTranslator translator = new SQLExceptionSubclassTranslator();
        translator.setCustomTranslator(InnoDb::tryAgain);
        jdbc.setExceptionTranslator(translator);
        this.innoDb = new InnoDb(jdbc, table);
        this.lockWait = lockWait;
        this.ownTransaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.table = table;
        this.update =
                "update %s set token = ?, holder = ?, touched = current_timestamp(6) where resource = ? and (token < ? or (token = ? and holder = ?))"
                        .formatted(table);
        this.lock = "select token from %s where resource = ? for update".formatted(table);
    }

    /** Not left to auto-commit: a pool may have it switched off, and would roll back. */
    void inOwnTransaction(Runnable work) {
        ownTransaction.executeWithoutResult(status -> work.run());
    }

    /**
     * Whether the active transaction is one of our data source. Another's transaction synchronizes connections of ours as
     * well, and does not commit them: they commit each statement.
     */
    boolean isInTransaction() {
        if (!(TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder)) {
            return false;
        }
        try {
            return !holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("The connection does not say whether it commits by itself", e);
        }
    }

    /**
     * Whether the transaction of the annotated method that runs is one of our data source, and not just one around it, begun by
     * another manager. Where no method is annotated, nobody is asked.
     */
    boolean isInTransactionOfMethod() {
        TransactionStatus status;
        try {
            status = TransactionAspectSupport.currentTransactionStatus();
        } catch (NoTransactionException byHand) {
            return true;
        }
        if (status instanceof DefaultTransactionStatus known
                && known.hasTransaction()
                && known.getTransaction() instanceof JdbcTransactionObjectSupport transaction) {
            return transaction.hasConnectionHolder()
                    && transaction.getConnectionHolder() == TransactionSynchronizationManager.getResource(dataSource);
        }
        return true;
    }

    /**
     * Raises a mark, or makes it.
     *
     * @return whether it did not stand higher
     * @throws CannotAcquireLockException if this transaction does not see what has changed since it began
     */
    boolean raise(String resource, FencingToken token) {
        Dialect known = dialect();
        try {
            return known.isInnoDb() ? insertAndUpdate(known, resource, token) : updateOrInsert(known, resource, token);
        } catch (BadSqlGrammarException e) {
            throw isTableMissing(e) ? tableMissing(known, e) : e;
        }
    }

    private boolean updateOrInsert(Dialect known, String resource, FencingToken token) {
        if (update(resource, token) || insert(known, resource, token) || update(resource, token)) {
            return true;
        }
        if (jdbc.queryForList(lock, Long.class, resource).isEmpty()) {
            // Made since this transaction began to look, which it will not see: nothing is known of who is later.
            throw tryAgain(resource);
        }
        return false;
    }

    /** An update first would lock, where no mark is, the place of all that may come between its neighbours. */
    private boolean insertAndUpdate(Dialect known, String resource, FencingToken token) {
        insert(known, resource, token);
        if (!innoDb.isUpToDate(resource)) {
            throw tryAgain(resource);
        }
        return update(resource, token);
    }

    private boolean update(String resource, FencingToken token) {
        long value = token.value();
        return jdbc.update(update, value, token.holder(), resource, value, value, token.holder()) > 0;
    }

    private boolean insert(Dialect known, String resource, FencingToken token) {
        try {
            return jdbc.update(known.insert(table), resource, token.value(), token.holder()) > 0;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** Whether anybody has asked for marks since the start. */
    boolean wereUsed() {
        return dialect != null;
    }

    int deleteUntouchedSince(Instant time, int limit) {
        Dialect known = dialect();
        // Not in the transaction that deletes, which would find a row that has changed in between a reason to fail.
        List<String> untouched = known.isInnoDb() ? innoDb.untouchedSince(time, limit) : List.of();
        Integer deleted = ownTransaction.execute(status -> {
            if (known.isInnoDb()) {
                return untouched.isEmpty() ? 0 : innoDb.deleteUntouchedSince(time, untouched);
            }
            List<Timestamp> times = Collections.nCopies(known.timesInDelete(), Timestamp.from(time));
            return jdbc.update(known.deleteUntouched(table, limit), times.toArray());
        });
        return Objects.requireNonNull(deleted);
    }

    private Dialect dialect() {
        Dialect known = dialect;
        if (known == null) {
            known = Objects.requireNonNull(
                    jdbc.execute((ConnectionCallback<Dialect>) connection -> Dialect.of(connection.getMetaData())));
            if (known.hasTimeOutsOfStatements()) {
                // What is left of a transaction's time-out goes before this one. JDBC knows seconds, and 0 is for ever.
                jdbc.setQueryTimeout((int) Math.max(1, lockWait.plusMillis(999).toSeconds()));
            }
            dialect = known;
        }
        return known;
    }

    private static CannotAcquireLockException tryAgain(String resource) {
        return new CannotAcquireLockException(
                "The mark of resource '%s' was made, changed or deleted since this transaction began to read: try the transaction again"
                        .formatted(resource));
    }

    private static boolean isTableMissing(BadSqlGrammarException e) {
        SQLException cause = e.getSQLException();
        String state = cause == null ? "" : String.valueOf(cause.getSQLState());
        // PostgreSQL has a code of its own; H2 uses several, MySQL and MariaDB the first of them.
        return state.equals("42P01") || state.matches("42S0[234]");
    }

    private IllegalStateException tableMissing(Dialect known, BadSqlGrammarException e) {
        return new IllegalStateException(
                "There is no table '%s' for fencing marks. Make it by %s, which is on the class path, or set lock.fencing.jdbc.initialize-schema=always"
                        .formatted(table, known.script()),
                e);
    }
}

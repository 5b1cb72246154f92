package io.distributedlock.fencing.jdbc;

import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Marks in a table of PostgreSQL, MySQL, MariaDB or H2.
 *
 * <p>Enter as the first statement of the transaction that reads and writes the resource. The mark is raised in this
 * transaction: whoever else enters waits until it ends, and sees what it has committed; a rollback undoes the mark too. The
 * wait ends with the transaction's time-out, else after {@link Builder#lockWait}; in H2 after the {@code LOCK_TIMEOUT} of its
 * URL; in MySQL and MariaDB also after {@code innodb_lock_wait_timeout}. Such an end, a deadlock, and a transaction that has
 * read before it enters what is out of date now, are Spring's {@code DataAccessException}s, which say nothing about the token:
 * to be tried again.
 *
 * <p>Outside a transaction the mark is committed at once. It refuses those with smaller tokens from then on, but keeps
 * nobody waiting: enter again before the result is written.
 */
public final class JdbcFence implements Fence {

    /** What the name of a table has to look like, as a regular expression. */
    public static final String TABLE_NAME = "([A-Za-z_][A-Za-z0-9_]*\\.)?[A-Za-z_][A-Za-z0-9_]*";

    private static final int MAX_RESOURCE = 700;
    private static final int MAX_HOLDER = 100;

    private final Marks marks;
    private final int epoch;

    private JdbcFence(Builder builder) {
        this.marks = new Marks(builder.dataSource, builder.table, builder.lockWait);
        this.epoch = builder.epoch;
    }

    /**
     * Begins a fence.
     *
     * @param dataSource of the transactions that enter; it is not asked for a connection before the first of them
     * @return with the table {@code lock_fence}, epoch 0 and a wait of 5 seconds
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public void enter(String resource, FencingToken token) {
        check("resource", resource, MAX_RESOURCE);
        check("holder", token.holder(), MAX_HOLDER);
        SuspendedMarks.refuse(marks, resource);
        if (isInTransaction()) {
            SuspendedMarks.remember(marks, resource);
            raise(resource, token);
        } else {
            marks.inOwnTransaction(() -> raise(resource, token));
        }
    }

    @Override
    public boolean joinsTransaction() {
        return isInTransaction() && marks.isInTransactionOfMethod();
    }

    @Override
    public int epoch() {
        return epoch;
    }

    Marks marks() {
        return marks;
    }

    private boolean isInTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive() && marks.isInTransaction();
    }

    private void raise(String resource, FencingToken token) {
        if (!marks.raise(resource, token)) {
            throw new StaleTokenException(resource, token);
        }
    }

    private static void check(String what, String value, int max) {
        if (value.isBlank() || value.length() > max) {
            throw new IllegalArgumentException(
                    "The %s '%s' has %d characters, but must have from 1 to %d. Give it a shorter name"
                            .formatted(what, value, value.length(), max));
        }
    }

    /** Makes a {@link JdbcFence}. */
    public static final class Builder {

        private final DataSource dataSource;
        private String table = "lock_fence";
        private int epoch;
        private Duration lockWait = Duration.ofSeconds(5);

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /**
         * Where the marks are.
         *
         * @param table a name of letters, digits and underscores, with a schema and a dot before it or without
         * @return this
         */
        public Builder table(String table) {
            if (!table.matches(TABLE_NAME)) {
                throw new IllegalArgumentException(
                        "'%s' is not a table's name. Write letters, digits and underscores, like 'lock_fence' or 'schema.lock_fence'"
                                .formatted(table));
            }
            this.table = table;
            return this;
        }

        /**
         * The epoch of this application's leases.
         *
         * @param epoch from 0 to {@link FencingToken#MAX_EPOCH}
         * @return this
         */
        public Builder epoch(int epoch) {
            FencingToken.checkEpoch(epoch);
            this.epoch = epoch;
            return this;
        }

        /**
         * How long to wait for a mark that a transaction has raised and not committed, if this one has no time-out.
         *
         * @param lockWait rounded up to seconds, at least one
         * @return this
         */
        public Builder lockWait(Duration lockWait) {
            if (lockWait.isNegative() || lockWait.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "The wait for a mark must be between 0 and a day, but was " + lockWait);
            }
            this.lockWait = lockWait;
            return this;
        }

        /**
         * Ends.
         *
         * @return the fence
         */
        public JdbcFence build() {
            return new JdbcFence(this);
        }
    }
}

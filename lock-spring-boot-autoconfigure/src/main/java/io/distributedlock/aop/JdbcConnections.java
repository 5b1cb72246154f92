package io.distributedlock.aop;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Tells transactions of a thread apart by their connections: several managers may have one each. */
final class JdbcConnections {

    private JdbcConnections() {}

    /** Whether two of them have one connection, as far as both are known to have any. */
    static boolean areOne(TransactionExecution one, TransactionExecution other) {
        ConnectionHolder connection = of(one);
        ConnectionHolder another = of(other);
        return connection == null || another == null || connection == another;
    }

    private static @Nullable ConnectionHolder of(TransactionExecution transaction) {
        return transaction instanceof DefaultTransactionStatus known
                        && known.hasTransaction()
                        && known.getTransaction() instanceof JdbcTransactionObjectSupport jdbc
                        && jdbc.hasConnectionHolder()
                ? jdbc.getConnectionHolder()
                : null;
    }
}

package io.distributedlock.fencing.jdbc;

import io.distributedlock.testkit.server.MariaDbServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.transaction.TransactionDefinition;

class JdbcFenceOnMariaDbTests {

    @RegisterExtension
    static final MariaDbServerExtension mariaDb = MariaDbServerExtension.any();

    /** The default there. */
    @Nested
    class InRepeatableRead extends JdbcFenceOnMariaDbRules {

        @Override
        protected Database open(String options) {
            return Database.mariaDb(mariaDb, options).isolation(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        }
    }

    @Nested
    class InReadCommitted extends JdbcFenceOnMariaDbRules {

        @Override
        protected Database open(String options) {
            return Database.mariaDb(mariaDb, options);
        }
    }

    @Nested
    class InRepeatableReadByTheDriverOfMySql extends JdbcFenceOnMariaDbRules {

        @Override
        protected Database open(String options) {
            return Database.mariaDbByMySqlDriver(mariaDb, options)
                    .isolation(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        }
    }

    @Nested
    class InReadCommittedByTheDriverOfMySql extends JdbcFenceOnMariaDbRules {

        @Override
        protected Database open(String options) {
            return Database.mariaDbByMySqlDriver(mariaDb, options);
        }
    }
}

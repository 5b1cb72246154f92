package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.testkit.server.MariaDbServerExtension;
import io.distributedlock.testkit.server.PostgresServerExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.TransactionDefinition;

/** What guards are worth when the lock does not keep its holders apart at all. */
class GuardLaboratoryTests {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    @RegisterExtension
    static final MariaDbServerExtension mariaDb = MariaDbServerExtension.any();

    enum Kind {
        H2 {
            @Override
            Database open() {
                return Database.h2(20_000);
            }
        },
        POSTGRES {
            @Override
            Database open() {
                return Database.postgres(postgres);
            }
        },
        MARIADB {
            @Override
            Database open() {
                return Database.mariaDb(mariaDb, "");
            }
        },
        /** The default there. */
        MARIADB_IN_REPEATABLE_READ {
            @Override
            Database open() {
                return Database.mariaDb(mariaDb, "").isolation(TransactionDefinition.ISOLATION_REPEATABLE_READ);
            }
        },
        MARIADB_BY_DRIVER_OF_MYSQL {
            @Override
            Database open() {
                return Database.mariaDbByMySqlDriver(mariaDb, "")
                        .isolation(TransactionDefinition.ISOLATION_REPEATABLE_READ);
            }
        };

        abstract Database open();
    }

    @ParameterizedTest
    @EnumSource
    void enteringBeforeTheFirstReadLosesNothing(Kind kind) {
        OverlappingHolders.Outcome outcome = run(kind, Guard.ENTER_READ_WRITE, 3_000);

        assertThat(outcome.lost()).as("lost updates").isZero();
        assertThat(outcome.wronglyRefused())
                .as("refused although nobody later had entered")
                .isZero();
        assertThat(outcome.refused()).as("holders that were late").isPositive();
    }

    /** Where transactions keep what they have read, those are refused that have read before they enter. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
    void raisingTheMarkWithTheWriteLosesUpdates(Kind kind) {
        assertThat(run(kind, Guard.READ_ENTER_WRITE, 1_000).lost()).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
    void comparingInJavaLosesUpdates(Kind kind) {
        assertThat(run(kind, Guard.COMPARE_IN_JAVA, 1_000).lost()).isGreaterThan(100);
    }

    @SuppressWarnings("SystemOut") // a laboratory reports
    private static OverlappingHolders.Outcome run(Kind kind, Guard guard, int sections) {
        try (Database database = kind.open();
                OverlappingHolders holders = new OverlappingHolders(database, guard)) {
            long began = System.nanoTime();
            OverlappingHolders.Outcome outcome = holders.commit(sections);
            System.out.printf("%s %s: %s in %d ms%n", kind, guard, outcome, (System.nanoTime() - began) / 1_000_000);
            return outcome;
        }
    }
}

package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.fencing.StaleTokenException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.TransactionDefinition;

/** What MariaDB and MySQL do in their own way. */
abstract class JdbcFenceOnMariaDbRules extends JdbcFenceTransactionRules {

    protected abstract Database open(String options);

    @Override
    protected final Database open() {
        return open("");
    }

    @Override
    @ParameterizedTest
    @ValueSource(ints = TransactionDefinition.ISOLATION_REPEATABLE_READ)
    void aTransactionThatSeesAnOlderStateIsToTryAgain(int isolation) {
        super.aTransactionThatSeesAnOlderStateIsToTryAgain(isolation);
    }

    @Test
    void whatASerializableTransactionHasReadIsKeptAsItIs() {
        fence.enter("order", token(1, "z"));
        int serializable = TransactionDefinition.ISOLATION_SERIALIZABLE;
        database.inTransaction(serializable, TransactionDefinition.TIMEOUT_DEFAULT, () -> {
            database.marks();
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> fence.enter("order", token(7, "a")));
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(other::join)
                    .withCauseInstanceOf(QueryTimeoutException.class);
            fence.enter("order", token(9, "b"));
            return null;
        });
        assertThat(database.marks()).containsExactly(9L);
    }

    @Test
    void whoHasReadNothingSeesWhatTheOneBeforeHasCommitted() {
        database.jdbc.execute("create or replace table guarded (n bigint not null)");
        database.jdbc.update("insert into guarded values (7)");
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> database.inTransaction(() -> {
            fence.enter("order", token(5, "a"));
            database.jdbc.update("update guarded set n = n - 1");
            first.complete(null);
            // Long enough for the second to wait, whose transaction has begun before this one ends.
            database.jdbc.queryForList("select sleep(0.3)");
            return null;
        }));
        first.join();

        Long read = database.inTransaction(() -> {
            fence.enter("order", token(6, "b"));
            return database.jdbc.queryForObject("select n from guarded", Long.class);
        });

        holder.join();
        assertThat(read).isEqualTo(6);
    }

    @Test
    void theServersOwnSnapshotCheckSaysToTryAgainToo() {
        try (Database strict = open("&sessionVariables=innodb_snapshot_isolation=ON")) {
            JdbcFence strictFence = strict.fence().build();
            strictFence.enter("order", token(1, "z"));
            int repeatableRead = TransactionDefinition.ISOLATION_REPEATABLE_READ;
            assertThatThrownBy(() -> strict.inTransaction(repeatableRead, TransactionDefinition.TIMEOUT_DEFAULT, () -> {
                        strict.marks();
                        CompletableFuture.runAsync(() -> strictFence.enter("order", token(7, "a")))
                                .join();
                        strictFence.enter("order", token(9, "b"));
                        return null;
                    }))
                    .isInstanceOf(ConcurrencyFailureException.class);
            assertThat(strict.marks()).containsExactly(7L);
        }
    }

    @Test
    void theServersOwnWaitForLocksEndsTheWaitToo() {
        try (Database hasty = open("&sessionVariables=innodb_lock_wait_timeout=1")) {
            JdbcFence patient = hasty.fence().lockWait(Duration.ofMinutes(1)).build();
            patient.enter("order", token(1, "z"));
            hasty.inTransaction(() -> {
                patient.enter("order", token(5, "a"));
                assertThatThrownBy(() -> CompletableFuture.runAsync(() -> patient.enter("order", token(6, "b")))
                                .join())
                        .hasCauseInstanceOf(ConcurrencyFailureException.class);
                return null;
            });
            assertThat(hasty.marks()).containsExactly(5L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&useAffectedRows=true", "&useServerPrepStmts=true", "&sessionVariables=sql_mode=ANSI"})
    void optionsOfTheDriverChangeNothing(String options) {
        try (Database other = open(options)) {
            JdbcFence otherFence = other.fence().build();
            otherFence.enter("order", token(5, "a"));
            otherFence.enter("order", token(5, "a"));
            otherFence.enter("order", token(6, "b"));
            assertThatThrownBy(() -> otherFence.enter("order", token(5, "a"))).isInstanceOf(StaleTokenException.class);
            assertThat(other.marks()).containsExactly(6L);
        }
    }

    @Test
    void theAgeOfAMarkDoesNotDependOnTimeZones() {
        try (Database inSamoa = open("&sessionVariables=time_zone='-11:00'")) {
            JdbcFence samoan = inSamoa.fence().build();
            samoan.enter("order", token(5, "a"));
            try (MarkCleaner cleaner = new MarkCleaner(samoan, Duration.ofHours(1))) {
                cleaner.clean();
                assertThat(inSamoa.marks()).containsExactly(5L);

                inSamoa.jdbc.update("update lock_fence set touched = touched - interval 2 hour");
                cleaner.clean();
                assertThat(inSamoa.marks()).isEmpty();
            }
        }
    }

    @Test
    void cleaningDoesNotWaitForMarksInUse() {
        fence.enter("in use", token(5, "a"));
        IntStream.range(0, 20)
                .forEach(number -> database.jdbc.update(
                        "insert into lock_fence values (?, 1, 'a', current_timestamp(6) - interval 2 day)",
                        "old" + number));
        database.inTransaction(() -> {
            fence.enter("in use", token(6, "b"));
            try (MarkCleaner cleaner = new MarkCleaner(fence, Duration.ofDays(1))) {
                CompletableFuture.runAsync(cleaner::clean).join();
            }
            assertThat(CompletableFuture.supplyAsync(database::marks).join()).hasSize(1);
            return null;
        });
    }

    @Test
    void theScriptIsThatOfTheServerAndNotOfTheDriver() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.fence().table("nowhere").build().enter("order", token(5, "a")))
                .withMessageContaining("schema-mariadb.sql");
    }

    @Test
    void aConnectionThatBreaksLeavesNoMark() {
        assertThatThrownBy(() -> database.inTransaction(() -> {
                    fence.enter("order", token(5, "a"));
                    long connection = database.jdbc.queryForObject("select connection_id()", Long.class);
                    CompletableFuture.runAsync(() -> database.jdbc.execute("kill " + connection))
                            .join();
                    return null;
                }))
                .isNotInstanceOf(StaleTokenException.class);

        assertThat(database.marks()).isEmpty();
        fence.enter("order", token(4, "b"));
    }
}

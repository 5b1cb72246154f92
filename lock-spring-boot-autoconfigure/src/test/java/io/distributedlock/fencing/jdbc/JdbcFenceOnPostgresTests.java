package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.testkit.server.PostgresServerExtension;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcFenceOnPostgresTests extends JdbcFenceTransactionRules {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    @Override
    protected Database open() {
        return Database.postgres(postgres);
    }

    @Test
    void aConnectionThatBreaksLeavesNoMark() {
        assertThatThrownBy(() -> database.inTransaction(() -> {
                    fence.enter("order", token(5, "a"));
                    int backend = database.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
                    CompletableFuture.runAsync(
                                    () -> database.jdbc.queryForList("select pg_terminate_backend(?)", backend))
                            .join();
                    return null;
                }))
                .isNotInstanceOf(StaleTokenException.class);

        assertThat(database.marks()).isEmpty();
        fence.enter("order", token(4, "b"));
    }
}

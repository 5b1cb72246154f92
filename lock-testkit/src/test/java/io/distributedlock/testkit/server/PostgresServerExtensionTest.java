package io.distributedlock.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresServerExtensionTest {

    @RegisterExtension
    static final PostgresServerExtension any = PostgresServerExtension.any();

    @RegisterExtension
    static final PostgresServerExtension embedded = PostgresServerExtension.embedded();

    @Test
    void givesARunningServer() throws SQLException {
        assertThat(ask(any, "show server_version")).isNotBlank();
        assertThat(any.flavour()).containsIgnoringCase("postgres");
    }

    @Test
    void givesTheEmbeddedServerWhenAskedForIt() throws SQLException {
        assertThat(ask(embedded, "show server_version")).startsWith("14.");
        assertThat(embedded.flavour()).startsWith("embedded postgres at 127.0.0.1:");
    }

    @Test
    void listensOnThisMachineOnly() throws SQLException {
        assumeThat(any.flavour()).as("one that we started").contains("on PATH at ");
        assertThat(ask(any, "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(ask(embedded, "show listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void hasNoAddressBeforeItRuns() {
        assertThatThrownBy(PostgresServerExtension.any()::url).hasMessageContaining("beforeAll");
    }

    private static String ask(PostgresServerExtension postgres, String question) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }
}

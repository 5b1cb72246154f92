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

class MariaDbServerExtensionTest {

    @RegisterExtension
    static final MariaDbServerExtension any = MariaDbServerExtension.any();

    @Test
    void givesARunningServerWithADatabase() throws SQLException {
        assertThat(ask("select version()")).contains("MariaDB");
        assertThat(ask("select database()")).isNotBlank();
        assertThat(any.flavour()).containsIgnoringCase("mariadb");
    }

    @Test
    void listensOnThisMachineOnly() throws SQLException {
        assumeThat(any.flavour()).as("one that we started").contains("on PATH at ");
        assertThat(ask("select @@bind_address")).isEqualTo("127.0.0.1");
    }

    @Test
    void hasNoAddressBeforeItRuns() {
        assertThatThrownBy(MariaDbServerExtension.any()::url).hasMessageContaining("The MariaDB of a test exists");
    }

    private static String ask(String question) throws SQLException {
        try (Connection connection = DriverManager.getConnection(any.url());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }
}

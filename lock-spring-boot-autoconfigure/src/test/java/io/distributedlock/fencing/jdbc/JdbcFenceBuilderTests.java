package io.distributedlock.fencing.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Answers.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.distributedlock.fencing.FencingToken;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcFenceBuilderTests {

    private final DataSource oracle = mock(DataSource.class, RETURNS_DEEP_STUBS);

    @ParameterizedTest
    @ValueSource(strings = {"", "lock fence", "lock_fence; drop table x", "a.b.c", "1a", "\"lock\"", "t\u00e4ble"})
    void refusesWhatIsNoNameOfATable(String name) {
        assertThatThrownBy(() -> JdbcFence.builder(oracle).table(name))
                .hasMessageContaining("'" + name + "' is not a table's name");
    }

    @Test
    void refusesEpochsAndWaitsThatCannotBe() {
        assertThatThrownBy(() -> JdbcFence.builder(oracle).epoch(1024)).hasMessageContaining("between 0 and 1023");
        assertThatThrownBy(() -> JdbcFence.builder(oracle).lockWait(Duration.ofMillis(-1)))
                .hasMessageContaining("between 0 and a day");
    }

    @Test
    void asksForNoConnectionBeforeSomebodyEnters() {
        JdbcFence.builder(oracle).build();
        verifyNoInteractions(oracle);
    }

    @Test
    void namesADatabaseThatItDoesNotKnow() throws SQLException {
        when(oracle.getConnection().getMetaData().getDatabaseProductName()).thenReturn("Oracle");
        JdbcFence fence = JdbcFence.builder(oracle).build();
        assertThatThrownBy(() -> fence.enter("order", new FencingToken("lock", 0, 1, "a")))
                .hasMessageContaining("'Oracle'")
                .hasMessageContaining("Define a bean of type io.distributedlock.fencing.Fence");
    }
}

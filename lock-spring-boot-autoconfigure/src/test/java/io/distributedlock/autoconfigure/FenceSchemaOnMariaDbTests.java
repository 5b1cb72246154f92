package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.testkit.server.MariaDbServerExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;

class FenceSchemaOnMariaDbTests {

    @RegisterExtension
    static final MariaDbServerExtension mariaDb = MariaDbServerExtension.any();

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "mysql"})
    void theTableIsMadeByEitherDriver(String driver) {
        Locking.application()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        FencingJdbcAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=" + mariaDb.url().replace(":mariadb:", ":" + driver + ":"),
                        "lock.fencing.jdbc.initialize-schema=always",
                        "lock.fencing.jdbc.table=marks_of_" + driver)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(Fence.class).enter("order", new FencingToken("order", 0, 5, "a"));
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    assertThat(jdbc.queryForObject("select token from marks_of_" + driver, Long.class))
                            .isEqualTo(5);
                    jdbc.execute("drop table marks_of_" + driver);
                });
    }
}

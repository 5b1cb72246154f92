package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.testkit.server.PostgresServerExtension;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Which statements the guarantee adds to those of a method. */
class CorrectnessStatementsTests {

    @RegisterExtension
    static final PostgresServerExtension postgres = PostgresServerExtension.any();

    static class Work {

        private static final String SQL = "select 1";

        @Autowired
        JdbcTemplate jdbc;

        @Transactional
        @DistributedLock("work:#{#id}")
        public void locked(String id) {
            jdbc.execute(SQL);
        }

        @Transactional
        @DistributedLock(name = "work:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public void correct(String id) {
            jdbc.execute(SQL);
        }
    }

    private static void addsOneStatementAndTwoForANewName(String url) {
        Locking.application(Work.class, Statements.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        FencingJdbcAutoConfiguration.class))
                .withPropertyValues("spring.datasource.url=" + url, "lock.fencing.jdbc.initialize-schema=always")
                .run(context -> {
                    Work work = context.getBean(Work.class);
                    List<String> sent = context.getBean(Statements.class).sent;
                    String id = UUID.randomUUID().toString();

                    sent.clear();
                    work.locked(id);
                    assertThat(sent).containsExactly(Work.SQL);

                    sent.clear();
                    work.correct(id);
                    assertThat(sent).hasSize(3).endsWith(Work.SQL);
                    assertThat(sent.get(0)).startsWith("update lock_fence set");
                    assertThat(sent.get(1)).startsWith("insert into lock_fence");

                    for (int again = 0; again < 3; again++) {
                        sent.clear();
                        work.correct(id);
                        assertThat(sent).hasSize(2).endsWith(Work.SQL);
                        assertThat(sent.get(0)).startsWith("update lock_fence set");
                    }
                });
    }

    @Test
    void oneOnH2AndTwoForANewName() {
        addsOneStatementAndTwoForANewName("jdbc:h2:mem:" + UUID.randomUUID());
    }

    @Test
    void oneOnPostgresAndTwoForANewName() {
        addsOneStatementAndTwoForANewName(postgres.url());
    }
}

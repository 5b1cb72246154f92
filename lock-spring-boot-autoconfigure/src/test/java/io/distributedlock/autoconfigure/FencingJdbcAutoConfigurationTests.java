package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.fencing.jdbc.JdbcFence;
import io.distributedlock.fencing.jdbc.MarkCleaner;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

class FencingJdbcAutoConfigurationTests {

    private final ApplicationContextRunner application = Locking.application()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceInitializationAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");

    @Test
    void anApplicationWithADatabaseInMemoryCanEnterAtOnce() {
        application.withPropertyValues("lock.fencing.epoch=3").run(context -> {
            Fence fence = context.getBean(Fence.class);
            LockManager locks = context.getBean(LockManager.class);
            Lease late = locks.acquire(LockRequest.of("order"));
            fence.enter("order", late);
            late.close();
            Lease next = locks.acquire(LockRequest.of("order"));
            fence.enter("order", next);

            assertThatThrownBy(() -> fence.enter("order", FencingToken.of(late, fence.epoch())))
                    .isInstanceOf(StaleTokenException.class);
            assertThat(fence.epoch()).isEqualTo(3);
            assertThat(context).hasSingleBean(MarkCleaner.class);
            next.close();
        });
    }

    @Test
    void theTableHasTheNameThatIsSet() {
        application
                .withPropertyValues("lock.fencing.jdbc.table=public.my_lock_fence")
                .run(context -> assertThat(context.getBean(JdbcTemplate.class)
                                .queryForObject("select count(*) from public.my_lock_fence", Integer.class))
                        .isZero());
    }

    @Test
    void whoeverAsksTheDatabaseWaitsForTheTable() {
        application.run(context -> assertThat(context.getBeanFactory()
                        .getBeanDefinition("jdbcTemplate")
                        .getDependsOn())
                .contains("distributedLockFenceSchema"));
    }

    @Test
    void noTableIsMadeWhenNoneIsWanted() {
        application
                .withPropertyValues("lock.fencing.jdbc.initialize-schema=never")
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(JdbcTemplate.class).queryForList("select * from lock_fence"))
                        .hasStackTraceContaining("LOCK_FENCE"));
    }

    @Test
    void whatIsNotUsedAsksForNoConnection() {
        DataSource dataSource = mock(DataSource.class);
        application
                .withClassLoader(new FilteredClassLoader("org.h2.", "org.hsqldb.", "org.apache.derby."))
                .withBean(DataSource.class, () -> dataSource)
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcFence.class);
                    verifyNoInteractions(dataSource);
                });
    }

    @Test
    void aDatabaseThatIsAwayDoesNotEndTheStart() {
        application
                .withPropertyValues(
                        "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
                        "spring.datasource.hikari.connection-timeout=250")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void stepsBackForAFenceOfTheApplication() {
        Fence own = (resource, token) -> {};
        application.withBean("own", Fence.class, () -> own).run(context -> {
            assertThat(context).hasSingleBean(Fence.class).doesNotHaveBean(FenceSchema.class);
            assertThat(context.getBean(Fence.class)).isSameAs(own);
        });
    }

    @Test
    void isThereWhenLocksLiveInThisJvmOnly() {
        application.withPropertyValues("lock.enabled=false").run(context -> {
            Lease lease = context.getBean(LockManager.class).acquire(LockRequest.of("order"));
            assertThat(lease.fencingToken())
                    .as("above what an earlier JVM has left in the table")
                    .isGreaterThan(1_000_000_000_000_000L);
            context.getBean(Fence.class).enter("order", lease);
            lease.close();
        });
    }

    @Test
    void isNotThereWithoutOneDatabase() {
        application
                .withBean("first", DataSource.class, () -> mock(DataSource.class))
                .withBean("second", DataSource.class, () -> mock(DataSource.class))
                .run(context -> assertThat(context).doesNotHaveBean(Fence.class));
        Locking.application()
                .withConfiguration(AutoConfigurations.of(FencingJdbcAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.jdbc", "org.springframework.boot.jdbc", "org.springframework.boot.sql"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Fence.class));
    }
}

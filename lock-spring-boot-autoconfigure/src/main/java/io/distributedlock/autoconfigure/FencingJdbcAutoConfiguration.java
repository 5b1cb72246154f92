package io.distributedlock.autoconfigure;

import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.jdbc.JdbcFence;
import io.distributedlock.fencing.jdbc.MarkCleaner;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.jdbc.core.JdbcTemplate;

/** Fencing in the application's database. Asks for no connection before somebody enters, unless the table is to be made. */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass({JdbcTemplate.class, DataSourceScriptDatabaseInitializer.class})
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnMissingBean(Fence.class)
@EnableConfigurationProperties(LockProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
@ImportRuntimeHints(FencingJdbcAutoConfiguration.Scripts.class)
public final class FencingJdbcAutoConfiguration {

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    @Bean
    @DependsOnDatabaseInitialization
    JdbcFence distributedLockFence(DataSource dataSource, LockProperties properties) {
        return JdbcFence.builder(dataSource)
                .table(properties.fencing().jdbc().table())
                .epoch(properties.fencing().epoch())
                .lockWait(properties.waitTime().compareTo(LONGEST_WAIT) < 0 ? properties.waitTime() : LONGEST_WAIT)
                .build();
    }

    @Bean
    FenceSchema distributedLockFenceSchema(DataSource dataSource, LockProperties properties) {
        LockProperties.FencingJdbc jdbc = properties.fencing().jdbc();
        return new FenceSchema(
                dataSource,
                jdbc.table(),
                DatabaseInitializationMode.valueOf(jdbc.initializeSchema().name()));
    }

    @Bean
    MarkCleaner distributedLockMarkCleaner(JdbcFence distributedLockFence, LockProperties properties) {
        return new MarkCleaner(distributedLockFence, properties.fencing().jdbc().retention());
    }

    /** A native image has only the files it is told of. */
    static final class Scripts implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("io/distributedlock/fencing/jdbc/*.sql");
        }
    }
}

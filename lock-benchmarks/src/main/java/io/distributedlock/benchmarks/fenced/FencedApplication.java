package io.distributedlock.benchmarks.fenced;

import com.zaxxer.hikari.HikariDataSource;
import io.distributedlock.autoconfigure.InMemoryLockAutoConfiguration;
import io.distributedlock.autoconfigure.LockAutoConfiguration;
import io.distributedlock.fencing.jdbc.JdbcFence;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Locks in memory, and a database with rows 1 to {@value #ROWS} to write. */
public final class FencedApplication implements AutoCloseable {

    /** As many names are locked in turn. */
    public static final int ROWS = 8;

    private final Database.Running database;
    private final ConfigurableApplicationContext context;

    /**
     * Starts the database and the application.
     *
     * @param kind of database
     * @throws Exception if one of them does not start
     */
    public FencedApplication(Database kind) throws Exception {
        database = kind.start();
        context = new SpringApplicationBuilder(Beans.class)
                .web(WebApplicationType.NONE)
                .properties("lock.backend=memory", "lock.namespace=bench", "spring.main.log-startup-info=false")
                .properties("spring.main.banner-mode=off")
                .properties(Map.of("database.url", database.url()))
                .run();
        ResourceDatabasePopulator tables = new ResourceDatabasePopulator(new ClassPathResource(kind.schema()));
        tables.execute(context.getBean(DataSource.class));
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        jdbc.execute("create table stock (id bigint primary key, sold bigint not null)");
        for (int id = 1; id <= ROWS; id++) {
            jdbc.update("insert into stock values (?, 0)", id);
        }
    }

    /**
     * The bean that does the work.
     *
     * @return its proxy
     */
    public Stock stock() {
        return context.getBean(Stock.class);
    }

    @Override
    public void close() throws Exception {
        try (AutoCloseable server = database.server();
                context) {}
    }

    /** What applications would have from Boot: its JDBC part would give every application here a database. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    @ImportAutoConfiguration({InMemoryLockAutoConfiguration.class, LockAutoConfiguration.class})
    static class Beans {

        @Bean
        HikariDataSource dataSource(@Value("${database.url}") String url) {
            HikariDataSource dataSource = new HikariDataSource();
            dataSource.setJdbcUrl(url);
            return dataSource;
        }

        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource dataSource) {
            return new JdbcTemplate(dataSource);
        }

        @Bean
        JdbcFence fence(DataSource dataSource) {
            return JdbcFence.builder(dataSource).build();
        }

        @Bean
        Stock stock(JdbcTemplate jdbc) {
            return new Stock(jdbc);
        }
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.fencing.StaleTokenException;
import java.util.List;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.SqlSessionFactoryBean;
import org.mybatis.spring.annotation.MapperScan;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** The fence and MyBatis share a transaction and its connection. */
class CorrectnessWithMyBatisTests {

    @Mapper
    interface Articles {

        @Select("select quantity from article where id = #{id}")
        int quantity(long id);

        @Update("update article set quantity = #{quantity} where id = #{id}")
        void write(@Param("id") long id, @Param("quantity") int quantity);
    }

    static class Stock {

        @Autowired
        Articles articles;

        @Transactional
        @DistributedLock(name = "stock:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public int sell(long id) {
            int left = articles.quantity(id) - 1;
            articles.write(id, left);
            return left;
        }

        @Transactional
        @DistributedLock(name = "stock:#{#id}", guarantee = Guarantee.CORRECTNESS)
        public void sellAndFail(long id) {
            articles.write(id, articles.quantity(id) - 1);
            throw new IllegalStateException("business");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @MapperScan(basePackageClasses = Articles.class, annotationClass = Mapper.class)
    static class MyBatis {

        @Bean
        SqlSessionFactoryBean sqlSessionFactory(DataSource dataSource) {
            SqlSessionFactoryBean factory = new SqlSessionFactoryBean();
            factory.setDataSource(dataSource);
            return factory;
        }
    }

    private static void run(BiConsumer<AssertableApplicationContext, Stock> test) {
        Locking.application(Stock.class, MyBatis.class, Statements.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        FencingJdbcAutoConfiguration.class))
                .withPropertyValues("lock.namespace=shop", "spring.datasource.generate-unique-name=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    jdbc.execute("create table article (id bigint primary key, quantity int)");
                    jdbc.update("insert into article values (1, 10)");
                    context.getBean(Statements.class).sent.clear();
                    test.accept(context, context.getBean(Stock.class));
                });
    }

    private static int quantity(AssertableApplicationContext context) {
        return context.getBean(JdbcTemplate.class)
                .queryForObject("select quantity from article where id = 1", Integer.class);
    }

    private static List<Long> marks(AssertableApplicationContext context) {
        return context.getBean(JdbcTemplate.class).queryForList("select token from lock_fence", Long.class);
    }

    @Test
    void theMarkIsRaisedBeforeMyBatisReads() {
        run((context, stock) -> {
            assertThat(stock.sell(1)).isEqualTo(9);
            List<Long> first = marks(context);
            List<String> sent = context.getBean(Statements.class).sent;
            sent.clear();

            assertThat(stock.sell(1)).isEqualTo(8);
            assertThat(sent).hasSize(3);
            assertThat(sent.get(0)).startsWith("update lock_fence");
            assertThat(sent.get(1)).startsWith("select quantity");
            assertThat(sent.get(2)).startsWith("update article");
            assertThat(quantity(context)).isEqualTo(8);
            assertThat(marks(context))
                    .singleElement()
                    .satisfies(mark -> assertThat(mark).isGreaterThan(first.get(0)));
        });
    }

    @Test
    void aStaleHolderNeitherReadsNorWrites() {
        run((context, stock) -> {
            context.getBean(JdbcTemplate.class)
                    .update(
                            "insert into lock_fence values ('shop:stock:1', 9007199254740991, 'later', current_timestamp)");
            assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> stock.sell(1));
            assertThat(context.getBean(Statements.class).sent).noneMatch(sql -> sql.contains("article"));
            assertThat(quantity(context)).isEqualTo(10);
        });
    }

    @Test
    void aFailureUndoesTheWriteAndTheMark() {
        run((context, stock) -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> stock.sellAndFail(1))
                    .withMessage("business");
            assertThat(quantity(context)).isEqualTo(10);
            assertThat(marks(context)).isEmpty();
        });
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.autoconfigure.InMemoryLockAutoConfiguration;
import io.distributedlock.autoconfigure.LockAutoConfiguration;
import io.distributedlock.autoconfigure.RedisLockAutoConfiguration;
import io.distributedlock.fencing.StaleTokenException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.aot.AotDetector;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Applications whose beans are made by code that was generated when they were built, as for a native image. */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

    static class Order {

        public long getId() {
            return 42;
        }

        public Article getArticle() {
            return new Article();
        }
    }

    static class Article {

        public String getName() {
            return "pen";
        }
    }

    /** Locked by its interface, as a proxy of that would have it. */
    interface Counting {

        @DistributedLock("count:#{#article.toLowerCase()}")
        void count(String article);
    }

    static class Counter implements Counting {

        @Override
        public void count(String article) {}
    }

    static class Department {

        String busy(List<Order> orders) {
            return "busy";
        }
    }

    static class Shop extends Department {

        @Autowired
        JdbcTemplate jdbc;

        @Transactional
        @DistributedLock(name = "order:#{#order.id}", guarantee = Guarantee.CORRECTNESS)
        public long tokenInTheMark(Order order) {
            return jdbc.queryForObject("select token from lock_fence where resource = 'shop:order:42'", Long.class);
        }

        @DistributedLock(name = "order:#{#orders.![id]}", onContention = OnContention.FALLBACK, fallback = "busy")
        public String ship(List<Order> orders) {
            return "shipped";
        }
    }

    @Test
    void adviceHasItsOrder() {
        Class<?>[] beans = {
            MethodOrderTests.Work.class,
            MethodOrderTests.Trace.class,
            MethodOrderTests.Observing.class,
            MethodOrderTests.Advice.class
        };
        run(
                context -> {
                    MethodOrderTests.Work work = context.getBean(MethodOrderTests.Work.class);
                    List<String> steps = context.getBean(MethodOrderTests.Trace.class).steps;

                    work.correct();
                    assertThat(steps).containsExactly("lock", "begin", "fence", "body", "commit", "unlock");
                    steps.clear();
                    work.observed();
                    assertThat(steps.indexOf("fence")).isEqualTo(steps.indexOf("body") - 1);
                    steps.clear();
                    work.cached();
                    work.cached();
                    assertThat(steps).containsExactly("lock", "body", "unlock", "lock", "unlock");
                },
                beans);
    }

    @Test
    void theFenceRefusesAStaleHolder() {
        run(
                context -> {
                    Shop shop = context.getBean(Shop.class);
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    assertThat(shop.tokenInTheMark(new Order())).isPositive();
                    jdbc.update("update lock_fence set token = token + 1000000000, holder = 'later'");
                    assertThatExceptionOfType(StaleTokenException.class)
                            .isThrownBy(() -> shop.tokenInTheMark(new Order()));
                },
                Shop.class);
    }

    @Test
    void aFallbackRunsForACallThatIsKeptOut() {
        run(
                context -> {
                    Shop shop = context.getBean(Shop.class);
                    try (var other = Locking.anotherHolderOf("order:42", context.getBean(LockManager.class))) {
                        assertThat(shop.ship(List.of(new Order()))).isEqualTo("busy");
                    }
                    assertThat(shop.ship(List.of(new Order()))).isEqualTo("shipped");
                },
                Shop.class);
    }

    @Test
    void aNativeImageHasWhatIsCalledByReflection() throws NoSuchMethodException {
        RuntimeHints hints = process("memory", Shop.class, Counter.class).getRuntimeHints();
        ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();

        assertThat(reflection.onMethodInvocation(Shop.class, "ship")).accepts(hints);
        assertThat(reflection.onMethodInvocation(Department.class, "busy")).accepts(hints);
        assertThat(reflection.onMethodInvocation(Counter.class, "count")).accepts(hints);
        assertThat(reflection.onMethodInvocation(Counting.class, "count")).accepts(hints);
        assertThat(reflection.onMethodInvocation(Order.class, "getId")).accepts(hints);
        assertThat(reflection.onMethodInvocation(Article.class, "getName")).accepts(hints);
        assertThat(reflection.onMethodInvocation(String.class.getMethod("toLowerCase")))
                .accepts(hints);
        assertThat(reflection.onType(Long.class)).accepts(hints);
    }

    @Test
    void aNativeImageHasAllFilesThatAreRead() throws IOException {
        RuntimeHints hints = process("redis").getRuntimeHints();
        List<String> files = Stream.of(
                        new PathMatchingResourcePatternResolver().getResources("classpath*:io/distributedlock/**/*.*"))
                .map(Resource::getDescription)
                .filter(file -> !file.contains(".class"))
                .map(file -> file.replaceAll(".*/(io/distributedlock/.*)]", "$1"))
                .toList();

        assertThat(files)
                .contains("io/distributedlock/redis/acquire.lua", "io/distributedlock/fencing/jdbc/schema-h2.sql")
                .allSatisfy(file -> assertThat(RuntimeHintsPredicates.resource().forResource(file))
                        .accepts(hints));
    }

    @SuppressWarnings("unchecked")
    private static void run(Consumer<GenericApplicationContext> test, Class<?>... beans) {
        TestGenerationContext generated = process("memory", beans);
        Map<String, ?> classes = generated.getGeneratedFiles().getGeneratedFiles(Kind.CLASS);
        TestCompiler.forSystem().with(generated).compile(compiled -> {
            SpringProperties.setFlag(AotDetector.AOT_ENABLED);
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                properties("memory").applyTo(context);
                compiled.getInstance(ApplicationContextInitializer.class).initialize(context);
                context.refresh();
                test.accept(context);
                assertThat(context.getBeansOfType(Object.class).values())
                        .filteredOn(AopUtils::isCglibProxy)
                        .isNotEmpty()
                        .extracting(bean -> bean.getClass().getName().replace('.', '/') + ".class")
                        .as("classes of proxies, which cannot be made at run time")
                        .allMatch(classes::containsKey);
            } finally {
                SpringProperties.setProperty(AotDetector.AOT_ENABLED, null);
            }
        });
    }

    private static TestGenerationContext process(String backend, Class<?>... beans) {
        TestGenerationContext generated = new TestGenerationContext();
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            properties(backend).applyTo(context);
            if (beans.length > 0) {
                context.register(beans);
            }
            context.register(Configurations.getClasses(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    TransactionManagerCustomizationAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    InMemoryLockAutoConfiguration.class,
                    RedisLockAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class,
                    LockAutoConfiguration.class)));
            new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
        }
        generated.writeGeneratedContent();
        return generated;
    }

    private static TestPropertyValues properties(String backend) {
        return TestPropertyValues.of(
                "lock.backend=" + backend,
                "lock.wait-time=0",
                "lock.namespace=shop",
                "spring.datasource.generate-unique-name=true");
    }
}

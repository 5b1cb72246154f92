package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.observe.LockMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LockMetricsAutoConfigurationTests {

    private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
            .withPropertyValues("lock.backend=memory")
            .withConfiguration(AutoConfigurations.of(
                    InMemoryLockAutoConfiguration.class,
                    LockAutoConfiguration.class,
                    LockMetricsAutoConfiguration.class));

    private final ApplicationContextRunner contextRunner = withoutRegistry.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class));

    @Test
    void metersTheLocksOfTheApplication() {
        contextRunner.run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            Lease lease = context.getBean(LockManager.class)
                    .acquire(LockRequest.of("order:1").template("order:#{#id}"));

            assertThat(registry.get("lock.held").gauge().value()).isEqualTo(1);
            assertThat(registry.get("lock.acquire")
                            .tag("lock.name", "order:#{#id}")
                            .tag("outcome", "acquired")
                            .timer()
                            .count())
                    .isEqualTo(1);
            lease.close();
        });
    }

    @Test
    void letsTheRegistryNeedTheManager() {
        contextRunner.withUserConfiguration(NeedsTheManager.class).run(context -> {
            context.getBean(LockManager.class)
                    .acquire(LockRequest.of("a").template("mine"))
                    .close();

            assertThat(context.getBean(MeterRegistry.class)
                            .get("lock.acquire")
                            .tags("lock.name", "mine", "outcome", "acquired", "leases at start", "0")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void makesNoRegistryBeforeItsTime() {
        contextRunner
                .withInitializer(context -> context.addBeanFactoryPostProcessor(beanFactory -> {
                    for (String name : beanFactory.getBeanDefinitionNames()) {
                        beanFactory.getBeanDefinition(name).setLazyInit(true);
                    }
                }))
                .run(context -> {
                    context.getBean(LockManager.class);

                    assertThat(context.getBeanFactory().getSingletonNames())
                            .contains("distributedLockManager", "distributedLockMetrics")
                            .doesNotContain("simpleMeterRegistry");
                });
    }

    @Test
    void metersNothingWithoutARegistry() {
        withoutRegistry.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(LockManager.class)
                .doesNotHaveBean(LockMetrics.class));
    }

    @Test
    void startsWithoutMicrometer() {
        withoutRegistry
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(LockManager.class)
                        .doesNotHaveBean("distributedLockMetrics"));
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedsTheManager {

        @Bean
        MeterRegistryCustomizer<MeterRegistry> needsTheManager(LockManager manager) {
            String leases = String.valueOf(manager.held().size());
            return registry -> registry.config().commonTags("leases at start", leases);
        }
    }
}

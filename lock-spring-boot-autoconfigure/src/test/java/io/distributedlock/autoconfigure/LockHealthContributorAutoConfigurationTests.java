package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockManager;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LockHealthContributorAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withPropertyValues("lock.backend=memory")
            .withConfiguration(AutoConfigurations.of(
                    InMemoryLockAutoConfiguration.class,
                    LockAutoConfiguration.class,
                    LockHealthContributorAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class));

    @Test
    void asksTheBackendUnderTheNameLock() {
        contextRunner.run(context -> {
            Health health = health(context);

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("backend", "memory of this JVM");
        });
    }

    @Test
    void isUnknownWhenLocksAreSwitchedOffWhateverTheStoreSays() {
        contextRunner
                .withPropertyValues("lock.enabled=false")
                .withBean("ownBackend", LockBackend.class, () -> {
                    FaultyLockBackend own = new FaultyLockBackend(new InMemoryLockBackend());
                    own.inject(Operation.CHECK, Fault.NOT_SENT);
                    return own;
                })
                .run(context -> {
                    Health health = health(context);

                    assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
                    assertThat(health.getDetails().toString()).contains("lock.enabled=false");
                });
    }

    @Test
    void canBeSwitchedOff() {
        contextRunner
                .withPropertyValues("management.health.lock.enabled=false")
                .run(context ->
                        assertThat(context).hasSingleBean(LockManager.class).doesNotHaveBean("lockHealthContributor"));
    }

    @Test
    void stepsBackForAnIndicatorOfTheApplication() {
        contextRunner
                .withUserConfiguration(OwnIndicator.class)
                .run(context -> assertThat(health(context).getDetails()).containsEntry("whose", "own"));
    }

    @Test
    void namesSeveralBackendsByTheirBeans() {
        contextRunner
                .withBean("one", LockBackend.class, InMemoryLockBackend::new)
                .withBean("two", LockBackend.class, InMemoryLockBackend::new)
                .withBean(
                        LockManager.class,
                        () -> {
                            throw new AssertionError("not asked for health");
                        },
                        definition -> definition.setLazyInit(true))
                .run(context -> assertThat((CompositeHealthContributor) contributor(context))
                        .extracting(HealthContributors.Entry::name)
                        .containsExactlyInAnyOrder("one", "two"));
    }

    /** The way of an application: what needs a missing class is not even looked at. */
    @Test
    void startsWithoutHealthOnTheClasspath() {
        new ApplicationContextRunner()
                .withPropertyValues("lock.backend=memory")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .withUserConfiguration(Application.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(LockManager.class)
                        .doesNotHaveBean("lockHealthContributor"));
    }

    private static Health health(AssertableApplicationContext context) {
        return ((HealthIndicator) contributor(context)).health();
    }

    private static HealthContributor contributor(AssertableApplicationContext context) {
        HealthContributor contributor =
                context.getBean(HealthContributorRegistry.class).getContributor("lock");
        assertThat(contributor).isNotNull();
        return contributor;
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnIndicator {

        @Bean
        HealthIndicator lockHealthIndicator() {
            return () -> Health.up().withDetail("whose", "own").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        InMemoryLockAutoConfiguration.class,
        LockAutoConfiguration.class,
        LockHealthContributorAutoConfiguration.class
    })
    static class Application {}
}

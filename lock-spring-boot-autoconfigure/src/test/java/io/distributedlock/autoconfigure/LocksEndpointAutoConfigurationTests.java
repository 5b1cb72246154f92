package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockManager;
import io.distributedlock.actuate.LocksEndpoint;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class LocksEndpointAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withPropertyValues("lock.backend=memory")
            .withConfiguration(AutoConfigurations.of(
                    InMemoryLockAutoConfiguration.class,
                    LockAutoConfiguration.class,
                    LocksEndpointAutoConfiguration.class));

    @Test
    void isThereWhenItIsExposed() {
        contextRunner
                .withPropertyValues("management.endpoints.web.exposure.include=locks")
                .run(context -> assertThat(context).hasSingleBean(LocksEndpoint.class));
    }

    @Test
    void isNotThereWhenItIsNotExposed() {
        contextRunner.run(
                context -> assertThat(context).hasSingleBean(LockManager.class).doesNotHaveBean(LocksEndpoint.class));
    }

    @Test
    void isNotThereWhenAccessIsRefused() {
        contextRunner
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=locks", "management.endpoint.locks.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(LocksEndpoint.class));
    }

    /** The way of an application: what needs a missing class is not even looked at. */
    @Test
    void startsWithoutActuator() {
        new ApplicationContextRunner()
                .withPropertyValues("lock.backend=memory", "management.endpoints.web.exposure.include=locks")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .withUserConfiguration(Application.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(LockManager.class)
                        .doesNotHaveBean("locksEndpoint"));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        InMemoryLockAutoConfiguration.class,
        LockAutoConfiguration.class,
        LocksEndpointAutoConfiguration.class
    })
    static class Application {}
}

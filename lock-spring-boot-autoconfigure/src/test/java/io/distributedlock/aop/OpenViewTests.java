package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.autoconfigure.FencingJdbcAutoConfiguration;
import io.distributedlock.autoconfigure.InMemoryLockAutoConfiguration;
import io.distributedlock.autoconfigure.LockAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;

/** A web application whose requests keep entities is told what a fence cannot do there. */
@ExtendWith(OutputCaptureExtension.class)
class OpenViewTests {

    private static final String WARNING = "JPA entities that a web request has loaded before are not read again";

    static class Correct {
        @Transactional
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Efficient {
        @Transactional
        @DistributedLock("a")
        public void run() {}
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = OpenViewTests.class)
    static class Entities {}

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    InMemoryLockAutoConfiguration.class,
                    LockAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    HibernateJpaAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    FencingJdbcAutoConfiguration.class))
            .withUserConfiguration(Entities.class)
            .withPropertyValues("lock.backend=memory", "spring.datasource.generate-unique-name=true");

    @Test
    void isWarnedOfWhereAMethodIsFenced(CapturedOutput output) {
        application
                .withUserConfiguration(Correct.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).containsOnlyOnce(WARNING).contains("Correct.run()", "Set spring.jpa.open-in-view=false");
    }

    @Test
    void isNotWarnedOfWhereItIsClosedOrNothingIsFenced(CapturedOutput output) {
        application
                .withUserConfiguration(Correct.class)
                .withPropertyValues("spring.jpa.open-in-view=false")
                .run(context -> assertThat(context).hasNotFailed());
        application
                .withUserConfiguration(Efficient.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain(WARNING);
    }
}

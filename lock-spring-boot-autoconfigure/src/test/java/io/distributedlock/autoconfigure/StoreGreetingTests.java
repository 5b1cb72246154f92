package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class StoreGreetingTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(LockAutoConfiguration.class)
    static class Reachable {

        @Bean
        LockBackend backend() {
            return new InMemoryLockBackend();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(LockAutoConfiguration.class)
    static class Unreachable {

        @Bean
        LockBackend backend() {
            FaultyLockBackend backend = new FaultyLockBackend(new InMemoryLockBackend());
            backend.inject(Operation.CHECK, Fault.NOT_SENT);
            return backend;
        }
    }

    @Test
    void theLogSaysWhereLocksLive(CapturedOutput output) {
        run(Reachable.class).close();
        assertThat(output).contains("Locks live in");
    }

    @Test
    void aStoreThatIsAwayIsReportedAndTheApplicationStarts(CapturedOutput output) {
        try (ConfigurableApplicationContext context = run(Unreachable.class)) {
            assertThat(context.isRunning()).isTrue();
            assertThat(output).contains("does not answer yet");
        }
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        SpringApplication started = new SpringApplication(application);
        started.setWebApplicationType(WebApplicationType.NONE);
        return started.run();
    }
}

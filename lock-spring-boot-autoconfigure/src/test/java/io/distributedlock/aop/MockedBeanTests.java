package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.autoconfigure.InMemoryLockAutoConfiguration;
import io.distributedlock.autoconfigure.LockAutoConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Tests of applications put mocks in the place of beans with locks: no proxy, and nothing to lock. */
@SpringJUnitConfig
@TestPropertySource(properties = "lock.backend=memory")
class MockedBeanTests {

    @Import({Service.class, Other.class})
    @ImportAutoConfiguration({InMemoryLockAutoConfiguration.class, LockAutoConfiguration.class})
    @Configuration(proxyBeanMethods = false)
    static class Application {}

    static class Service {
        @DistributedLock("a")
        public String run() {
            return "ran";
        }
    }

    static class Other extends Witness {
        @DistributedLock("b")
        public List<String> run() {
            return held();
        }
    }

    @MockitoBean
    Service mock;

    @Autowired
    Other real;

    @Test
    void aMockNeedsNoProxy() {
        Mockito.when(mock.run()).thenReturn("mocked");
        assertThat(mock.run()).isEqualTo("mocked");
        assertThat(real.run()).containsExactly("b");
    }
}

package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.PriorityOrdered;

/** Public, as its service: a filtered class loader makes a proxy in a package of its own. */
@ExtendWith(OutputCaptureExtension.class)
public class LockAutoConfigurationTests {

    public static class Service {
        @DistributedLock("a")
        public void run() {}
    }

    static class NamedService {
        @DistributedLock(name = "a", manager = "second")
        public void run() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBackend {
        @Bean
        LockBackend own() {
            return new InMemoryLockBackend();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoManagers {
        @Bean
        LockManager first() {
            return LockEngine.builder(new InMemoryLockBackend()).build();
        }

        @Bean
        LockManager second() {
            return LockEngine.builder(new InMemoryLockBackend()).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryManager {
        @Bean
        @Primary
        LockManager third() {
            return LockEngine.builder(new InMemoryLockBackend()).build();
        }
    }

    @Test
    void locksInMemoryWhenAskedTo() {
        Locking.application(Service.class).run(context -> {
            assertThat(context).hasSingleBean(LockManager.class).hasSingleBean(InMemoryLockBackend.class);
            context.getBean(Service.class).run();
        });
    }

    @Test
    void aBackendOfTheApplicationWins() {
        Locking.application(OwnBackend.class)
                .run(context -> assertThat(context.getBeanNamesForType(LockBackend.class))
                        .containsExactly("own"));
    }

    @Test
    void managersOfTheApplicationWin() {
        Locking.application(TwoManagers.class, NamedService.class).run(context -> {
            assertThat(context).doesNotHaveBean(LockBackend.class).doesNotHaveBean(LockShutdown.class);
            LockManager second = context.getBean("second", LockManager.class);
            try (var lease = Locking.anotherHolderOf("a", context.getBean("first", LockManager.class))) {
                assertThat(lease.isHeld()).isTrue();
                context.getBean(NamedService.class).run();
            }
            assertThat(second.held()).isEmpty();
        });
    }

    @Test
    void severalManagersNeedAName() {
        Locking.application(TwoManagers.class, Service.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("there are several LockManager beans: [first, second]"));
        Locking.application(TwoManagers.class, PrimaryManager.class, Service.class)
                .run(context -> context.getBean(Service.class).run());
    }

    static class KeepsLong {
        @DistributedLock(name = "a", minHoldTime = "30s")
        public void run() {}
    }

    static class KeepsLongWithABoundOfItsOwn {
        @DistributedLock(name = "a", minHoldTime = "30s", maxHoldTime = "1m")
        public void run() {}
    }

    @Test
    void aLockThatIsToBeKeptLongerThanItMayBeHeldEndsTheStart() {
        Locking.application(KeepsLong.class)
                .withPropertyValues("lock.max-hold-time=10s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("KeepsLong.run()")
                        .hasStackTraceContaining(
                                "its minHoldTime of PT30S is longer than the lock.max-hold-time of PT10S"));
        Locking.application(KeepsLongWithABoundOfItsOwn.class)
                .withPropertyValues("lock.max-hold-time=10s")
                .run(context ->
                        context.getBean(KeepsLongWithABoundOfItsOwn.class).run());
        Locking.application(KeepsLong.class, PrimaryManager.class)
                .withPropertyValues("lock.max-hold-time=10s")
                .run(context -> context.getBean(KeepsLong.class).run());
    }

    @Test
    void switchedOffItLocksInThisJvmAndSaysSo(CapturedOutput output) {
        Locking.application(OwnBackend.class, Service.class)
                .withPropertyValues("lock.enabled=false", "lock.backend=zookeeper")
                .run(context -> {
                    assertThat(context.getBean(LockBackend.class)).isSameAs(context.getBean("distributedLockBackend"));
                    context.getBean(Service.class).run();
                    assertThat(output.getOut().split("lock.enabled=false: locks live in this JVM only", -1))
                            .hasSize(2);
                });
    }

    @Test
    void endsLocksAfterTheExecutorsAndBeforeTheClients() {
        Locking.application().run(context -> {
            assertThat(context.getBean(LockShutdown.class).getPhase())
                    .isBetween(1, SmartLifecycle.DEFAULT_PHASE / 2 - 1);
            LockManager locks = context.getBean(LockManager.class);
            context.stop();
            assertThat(catchThrowable(() -> locks.acquire(LockRequest.of("a")))).isNotNull();
        });
    }

    @Test
    void aTestContextThatPausesStillLocksAfterwards() {
        Locking.application(Service.class).run(context -> {
            var running = (AbstractApplicationContext) context.getSourceApplicationContext();
            running.pause();
            running.restart();
            context.getBean(Service.class).run();
        });
    }

    @Test
    void needsNoTransactionsNorExtras() {
        Locking.application(Service.class)
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.transaction",
                        "org.springframework.data",
                        "org.springframework.jdbc",
                        "io.lettuce",
                        "org.apache.curator",
                        "org.apache.zookeeper",
                        "reactor",
                        "io.micrometer"))
                .run(context -> context.getBean(Service.class).run());
    }

    /** Made before the one that makes proxies. */
    static class EarlyPostProcessor implements BeanPostProcessor, PriorityOrdered {
        @Override
        public int getOrder() {
            return 0;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EarlyService {

        @Bean
        static EarlyPostProcessor needsTheService(Service service) {
            return new EarlyPostProcessor();
        }

        @Bean
        static Service early() {
            return new Service();
        }
    }

    @Test
    void aBeanThatIsMadeTooEarlyToBeLockedEndsTheStart() {
        Locking.application(EarlyService.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("@DistributedLock on bean 'early' (" + Service.class.getName()
                                + ") cannot work: its methods would run without their locks"));
    }

    @Test
    void anInstanceThatWasRegisteredAsItIsIsWarnedOf(CapturedOutput output) {
        Locking.application()
                .withInitializer(context -> context.getBeanFactory().registerSingleton("raw", new Service()))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .contains("The methods of 'raw' (" + Service.class.getName() + ") run without their locks");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedService {
        @Bean
        @Scope(proxyMode = ScopedProxyMode.TARGET_CLASS)
        Service scoped() {
            return new Service();
        }
    }

    @Test
    void nothingElseIsWarnedOf(CapturedOutput output) {
        Locking.application(Service.class, ScopedService.class)
                .run(context -> assertThat(output).doesNotContain("run without their locks"));
    }
}

package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Locking;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class LockPropertiesTests {

    @Test
    void hasDefaults() {
        Locking.application().run(context -> {
            LockProperties properties = context.getBean(LockProperties.class);
            assertThat(properties.enabled()).isTrue();
            assertThat(properties.leaseTime()).isEqualTo(Duration.ofSeconds(15));
            assertThat(properties.maxHoldTime()).isNull();
            assertThat(properties.lockDelay()).isZero();
            assertThat(properties.shutdownTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(properties.advisorOrder()).isEqualTo(Integer.MAX_VALUE - 100);
            assertThat(properties.zookeeper().root()).isEqualTo("/locks");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "lock.wait-time=5 | lock.wait-time=5 is not a duration with a unit | '5s'",
                "lock.leaseTime=-1s | lock.lease-time=-1s | zero or more",
                "lock.max-hold-time=long | lock.max-hold-time=long is not a duration | '5s'",
                "lock.lease-time=50ms | lock.lease-time is PT0.05S | at least PT0.1S",
                "lock.wait-time=9999d | lock.wait-time is PT239976H | at most PT8760H",
                "lock.zookeeper.session-timeout=10 | lock.zookeeper.session-timeout=10 is not a duration | '10s'",
                "lock.zookeeper.session-timeout=100ms | lock.zookeeper.session-timeout is PT0.1S | at least PT1S",
                "lock.zookeeper.root=locks | lock.zookeeper.root is 'locks' | '/locks'",
                "lock.enabled=off | lock.enabled=off is neither true nor false | lock.enabled=false",
                "lock.enabled=no | lock.enabled=no is neither true nor false | lock.enabled=false",
                "lock.enabled=on | lock.enabled=on is neither true nor false | lock.enabled=false",
                "lock.enabled= | lock.enabled= is neither true nor false | lock.enabled=false",
                "lock.backend=redsi | lock.backend=redsi is not a backend | redis, zookeeper, memory",
                "lock.backend=etcd | lock.backend=etcd is not available in this version | redis, zookeeper, memory",
                "lock.backend=redis-quorum | not available in this version | redis, zookeeper, memory",
                "lock.backend=jdbc | not available in this version | redis, zookeeper, memory",
                "lock.local-hand-offs=-1 | lock.local-hand-offs is -1 | at most 1000",
                "lock.local-hand-offs=1001 | lock.local-hand-offs is 1001 | at most 1000",
                "lock.local-hand-off-time=2m | lock.local-hand-off-time is PT2M | at most PT1M",
                "lock.local-hand-off-time=10 | lock.local-hand-off-time=10 is not a duration | '10ms'",
                "lock.page.enabled=true | lock.page is not available in this version | Remove",
                "lock.redis.min-replica-acks=-1 | lock.redis.min-replica-acks is -1 | 0 for no replicas",
                "lock.redis.quorum.urls[0]=redis://a | lock.redis.quorum is not available | Remove",
                "lock.zookeeper.ssl.enabled=true | lock.zookeeper.ssl is not available | Remove",
                "lock.etcd.endpoints=http://a | lock.etcd is not available | Remove",
                "lock.jdbc.table=x | lock.jdbc is not available | Remove",
                "lock.fencing.max-clock-skew=1h | lock.fencing.max-clock-skew is not available | Remove",
                "lock.fencing.epoch=1024 | lock.fencing.epoch is 1024 | at most 1023",
                "lock.fencing.epoch=-1 | lock.fencing.epoch is -1 | at least 0",
                "lock.fencing.jdbc.table=a;b | lock.fencing.jdbc.table is 'a;b' | 'lock_fence'",
                "lock.fencing.jdbc.retention=23h | lock.fencing.jdbc.retention is PT23H | at least PT24H",
                "lock.fencing.jdbc.retention=30 | lock.fencing.jdbc.retention=30 is not a duration | '30s'",
                "lock.election.roles=x | lock.election is not available | Remove"
            })
    void endsTheStart(String property, String problem, String mend) {
        Locking.application().withPropertyValues(property).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis =
                    new InvalidLockConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains(problem);
            assertThat(analysis.getAction()).contains(mend);
        });
    }

    @Test
    void aMisspeltKeyEndsTheStart() {
        Locking.application()
                .withPropertyValues("lock.wait-tme=5s")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("lock.wait-tme"));
    }

    @Test
    void theEnvironmentMayHaveVariablesOfOthers() {
        Locking.application()
                .withSystemProperties("lock.wait-tme=5s")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void theNamespaceIsTheApplicationsNameUnlessSet(CapturedOutput output) {
        Locking.application()
                .withPropertyValues("lock.namespace=shop", "spring.application.name=app")
                .run(context -> assertThat(namespace(context)).isEqualTo("shop"));
        Locking.application()
                .withPropertyValues("spring.application.name=app")
                .run(context -> assertThat(namespace(context)).isEqualTo("app"));
        assertThat(output).doesNotContain("namespace 'default'");
        Locking.application()
                .withPropertyValues("lock.namespace= ", "spring.application.name= ")
                .run(context -> assertThat(namespace(context)).isEqualTo("default"));
        assertThat(output).contains("namespace 'default'");
    }

    @Test
    void aNamespaceThatNoStoreHasIsNotSpokenOf(CapturedOutput output) {
        Locking.application()
                .withPropertyValues("lock.namespace= ", "spring.application.name= ")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("namespace 'default'");
    }

    private static String namespace(ApplicationContext context) {
        return LockNamespace.announced(context.getBean(LockProperties.class), context.getEnvironment());
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.fencing.FenceWatch;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;
import reactor.core.publisher.Mono;

/** What a stream or a future leaves behind when its end is told. */
class LockedStreamTests {

    private static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration SLOW = Duration.ofMillis(300);

    @Configuration(proxyBeanMethods = false)
    static class SlowStore {

        @Bean
        FaultyLockBackend store() {
            return new FaultyLockBackend(new InMemoryLockBackend());
        }
    }

    static class Orders {

        final List<String> holders = new CopyOnWriteArrayList<>();

        @Autowired
        FaultyLockBackend store;

        @Autowired
        LockManager locks;

        List<String> holders() {
            return holders;
        }

        private void begin() {
            holders.add(locks.current("order:1").orElseThrow().holder());
        }

        @DistributedLock("order:1")
        public Mono<Long> stream() {
            store.delayAnswers(SLOW);
            return Mono.just(System.nanoTime());
        }

        @DistributedLock("order:1")
        public Mono<Long> failing() {
            store.delayAnswers(SLOW);
            return Mono.error(new IllegalStateException(Long.toString(System.nanoTime())));
        }

        @DistributedLock("order:1")
        public CompletableFuture<Long> future() {
            store.delayAnswers(SLOW);
            return CompletableFuture.completedFuture(System.nanoTime());
        }

        @DistributedLock(value = "order:1", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public Mono<String> unfencedStream() {
            begin();
            return Mono.just("not fenced");
        }

        @DistributedLock(value = "order:1", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public CompletableFuture<String> unfencedFuture() {
            begin();
            return CompletableFuture.completedFuture("not fenced");
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @Test
    void isToldWhenTheStoreHasAnsweredTheRelease() {
        Locking.application(SlowStore.class, Orders.class).run(context -> {
            Orders orders = context.getBean(Orders.class);
            FaultyLockBackend store = context.getBean(FaultyLockBackend.class);
            assertThat(since(orders.stream().blockOptional(SOON).orElseThrow())).isGreaterThanOrEqualTo(SLOW);
            store.heal();
            String failedAt = orders.failing()
                    .map(Object::toString)
                    .onErrorResume(thrown -> Mono.just(thrown.getMessage()))
                    .blockOptional(SOON)
                    .orElseThrow();
            assertThat(since(Long.parseLong(failedAt))).isGreaterThanOrEqualTo(SLOW);
            store.heal();
            assertThat(since(orders.future().join())).isGreaterThanOrEqualTo(SLOW);
            store.heal();
            assertThat(context.getBean(LockManager.class).held()).isEmpty();
        });
    }

    @Test
    void nobodyWatchesFencesAnyMore() {
        Locking.application(SlowStore.class, Orders.class).run(context -> {
            Orders orders = context.getBean(Orders.class);
            assertThat(orders.unfencedStream()
                            .onErrorResume(thrown -> Mono.just("refused"))
                            .block(SOON))
                    .isEqualTo("refused");
            assertThat(orders.unfencedFuture().handle((value, thrown) -> thrown).join())
                    .isInstanceOf(IllegalStateException.class);
            assertThat(orders.holders()).hasSize(2);
            assertThat(String.valueOf(ReflectionTestUtils.getField(FenceWatch.class, "WATCHES")))
                    .doesNotContain(orders.holders());
        });
    }
}

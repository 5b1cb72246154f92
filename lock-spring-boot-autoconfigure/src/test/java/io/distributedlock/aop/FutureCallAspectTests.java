package io.distributedlock.aop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableAspectJAutoProxy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Advice of the application further in looks for its call on the thread that runs it, which is not the caller's. */
class FutureCallAspectTests {

    static class Orders {

        @DistributedLock("order:1")
        public CompletableFuture<String> future() {
            return CompletableFuture.completedFuture("shipped");
        }

        @DistributedLock("order:1")
        public Mono<String> mono() {
            return Mono.just("shipped");
        }

        @DistributedLock("order:1")
        public Flux<String> flux() {
            return Flux.just("shipped");
        }
    }

    @Aspect
    static class Counting {

        final AtomicInteger calls = new AtomicInteger();

        @Before("within(io.distributedlock.aop.FutureCallAspectTests.Orders)")
        public void count() {
            calls.incrementAndGet();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAspectJAutoProxy
    static class Aspects {

        @Bean
        Counting counting() {
            return new Counting();
        }
    }

    @Test
    void anAspectWithoutAnOrderRunsAroundMethodsOfNoThread() {
        Locking.application(Orders.class, Aspects.class).run(context -> {
            Orders orders = context.getBean(Orders.class);
            assertThat(orders.future()).succeedsWithin(5, SECONDS).isEqualTo("shipped");
            assertThat(orders.mono().block(Duration.ofSeconds(5))).isEqualTo("shipped");
            assertThat(orders.flux().blockLast(Duration.ofSeconds(5))).isEqualTo("shipped");
            assertThat(context.getBean(Counting.class).calls).hasValue(3);
            assertThat(context.getBean(LockManager.class).held()).isEmpty();
        });
    }
}

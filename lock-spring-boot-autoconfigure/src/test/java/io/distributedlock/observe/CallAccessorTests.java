package io.distributedlock.observe;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class CallAccessorTests {

    private static final Executor ANOTHER_THREAD = work -> new Thread(work).start();

    private static ContextSnapshot snapshot() {
        return ContextSnapshotFactory.builder().build().captureAll();
    }

    static class Orders {

        @Autowired
        LockManager locks;

        private String current() {
            return locks.current("order:1")
                    .map(lease -> "token " + lease.fencingToken())
                    .orElse("none");
        }

        private String reentered() {
            try (Lease lease = locks.acquire(LockRequest.of("order:1").waitTime(Duration.ZERO))) {
                return "token " + lease.fencingToken();
            }
        }

        @DistributedLock("order:1")
        public Mono<String> later() {
            return Mono.delay(Duration.ofMillis(1)).map(tick -> current() + ", " + reentered());
        }

        @DistributedLock("order:1")
        public CompletableFuture<String> onAnotherThread() {
            return snapshotted(() -> current() + ", " + reentered());
        }

        @DistributedLock(value = "order:1", waitTime = "1h")
        public CompletableFuture<String> with(ThreadLocal<String> local) {
            return CompletableFuture.completedFuture(local.get());
        }

        private static CompletableFuture<String> snapshotted(Supplier<String> work) {
            ContextSnapshot snapshot = snapshot();
            CompletableFuture<String> answer = new CompletableFuture<>();
            ANOTHER_THREAD.execute(snapshot.wrap(() -> {
                try {
                    answer.complete(work.get());
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            }));
            return answer;
        }
    }

    private static void with(Consumer<Orders> test) {
        Locking.application(Orders.class).run(context -> test.accept(context.getBean(Orders.class)));
    }

    @Test
    void aStreamThatRestoresWhatThreadsCarryRestoresItsLocks() {
        Hooks.enableAutomaticContextPropagation();
        try {
            with(orders -> {
                String answer = orders.later().block(Duration.ofSeconds(5));
                assertThat(answer).matches("token (\\d+), token \\1");
            });
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void aTaskThatIsWrappedInTheWorkOfACallWorksForIt() {
        with(orders -> assertThat(orders.onAnotherThread())
                .succeedsWithin(5, SECONDS)
                .asString()
                .matches("token (\\d+), token \\1"));
    }

    @Test
    void theLocksOfAThreadStayWithIt() {
        Locking.application(Orders.class).run(context -> {
            LockManager locks = context.getBean(LockManager.class);
            try (Lease own = locks.acquire(LockRequest.of("order:1"))) {
                assertThat(Orders.snapshotted(
                                () -> locks.current("order:1").map(Lease::name).orElse("none")))
                        .succeedsWithin(5, SECONDS)
                        .isEqualTo("none");
                assertThat(own.isHeld()).isTrue();
            }
        });
    }

    @Test
    void aMethodThatAnswersAFutureHasWhatItsCallerCarried() {
        ThreadLocal<String> trace = new ThreadLocal<>();
        ContextRegistry registry = ContextRegistry.getInstance();
        registry.registerThreadLocalAccessor("test.trace", trace);
        trace.set("trace 7");
        try {
            Locking.application(Orders.class).run(context -> {
                Lease other = Locking.anotherHolderOf("order:1", context.getBean(LockManager.class));
                CompletableFuture<String> answer = context.getBean(Orders.class).with(trace);
                other.close();
                assertThat(answer).succeedsWithin(5, SECONDS).isEqualTo("trace 7");
            });
        } finally {
            trace.remove();
            registry.removeThreadLocalAccessor("test.trace");
        }
    }
}

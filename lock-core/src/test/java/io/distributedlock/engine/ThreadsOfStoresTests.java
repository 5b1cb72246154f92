package io.distributedlock.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("on a thread of a store's client, nobody is told")
class ThreadsOfStoresTests {

    private final InMemoryLockBackend store = new InMemoryLockBackend();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "store"));
    private volatile CountDownLatch mayAnswer = new CountDownLatch(0);
    private final LockEngine engine = LockEngine.builder(answeringOnItsThread()).build();

    /** The store in memory, whose answers all come on one thread, and not before they may. */
    private LockBackend answeringOnItsThread() {
        return (LockBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockBackend.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(store, arguments);
                    if (!(answer instanceof CompletableFuture<?> future)) {
                        return answer;
                    }
                    CountDownLatch gate = mayAnswer;
                    return future.thenApplyAsync(
                            known -> {
                                awaitOpen(gate);
                                return known;
                            },
                            thread);
                });
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            assertThat(gate.await(5, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CountDownLatch hold() {
        CountDownLatch gate = new CountDownLatch(1);
        mayAnswer = gate;
        return gate;
    }

    @AfterEach
    void stop() {
        engine.close();
        thread.shutdown();
    }

    @Test
    void ofAGrant() {
        CountDownLatch gate = hold();
        CompletableFuture<LeaseGroup> granted =
                engine.startCall(List.of(LockRequest.of("order:42"))).granted();
        CompletableFuture<String> told =
                granted.thenApply(leases -> Thread.currentThread().getName());
        gate.countDown();
        assertThat(told).succeedsWithin(5, SECONDS).asString().startsWith("lock-events-");
        granted.join().close();
    }

    @Test
    void ofARelease() {
        LeaseGroup leases =
                engine.startCall(List.of(LockRequest.of("order:42"))).granted().join();
        CountDownLatch gate = hold();
        CompletableFuture<ReleaseOutcome> released =
                leases.leases().get(0).releaseAsync().toCompletableFuture();
        CompletableFuture<String> told =
                released.thenApply(outcome -> Thread.currentThread().getName());
        gate.countDown();
        assertThat(told).succeedsWithin(5, SECONDS).asString().startsWith("lock-events-");
        assertThat(released).isCompletedWithValue(ReleaseOutcome.RELEASED);
    }
}

package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** Two instances of an application, as far as the store can tell, and threads of theirs. */
final class Instances implements AutoCloseable {

    final BackendFixture fixture;
    final String name = "lock-" + UUID.randomUUID();
    final LockEngine one;
    final LockEngine two;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Instances(BackendFixture fixture) {
        this.fixture = fixture;
        this.one = engine("one", fixture.one(), Duration.ZERO);
        this.two = engine("two", fixture.two(), Duration.ZERO);
    }

    /** One more over the client of the first, to be closed by the test. */
    LockEngine delaying(Duration lockDelay) {
        return engine("delaying", fixture.one(), lockDelay);
    }

    private LockEngine engine(String instance, LockBackend backend, Duration lockDelay) {
        return LockEngine.builder(backend)
                .application("contract")
                .instance(instance)
                .waitTime(fixture.patience())
                .leaseTime(fixture.patience().multipliedBy(6))
                .lockDelay(lockDelay)
                .shutdownTimeout(Duration.ZERO)
                .build();
    }

    LockRequest request() {
        return LockRequest.of(name);
    }

    LockRequest atOnce() {
        return request().waitTime(Duration.ZERO);
    }

    LockRequest shortLease() {
        return request().leaseTime(fixture.shortLease());
    }

    <T> CompletableFuture<T> elsewhere(Callable<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                answer.complete(work.call());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** What another thread says, or throws. */
    <T> T answer(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(fixture.patience().multipliedBy(12).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("No answer within " + fixture.patience().multipliedBy(12), e);
        }
    }

    void eventually(ThrowingRunnable assertion) {
        await().atMost(fixture.patience().plus(fixture.shortLease()))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion);
    }

    void awaitWaiter() {
        eventually(() -> assertThat(one.inspect(name).waiters()).isPositive());
    }

    void nothingIsLeft() {
        eventually(() -> assertThat(fixture.leftovers()).as("left in the store").isEmpty());
    }

    /** Whatever a test leaves open is given back by the shutdown of its instance, and nothing may be left then. */
    @Override
    public void close() throws Exception {
        try (BackendFixture closing = fixture) {
            one.close();
            two.close();
            threads.shutdownNow();
            nothingIsLeft();
        }
    }
}

package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
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

    /** The default, and with it the length of each range of tokens less one. */
    private static final int LOCAL_HAND_OFFS = 64;

    final BackendFixture fixture;
    final String name = "lock-" + UUID.randomUUID();
    final LockEngine one;
    final LockEngine two;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Instances(BackendFixture fixture) {
        this.fixture = fixture;
        this.one = describe("one", fixture.one()).build();
        this.two = describe("two", fixture.two()).build();
    }

    /** One more over the client of the first, to be closed by the test. */
    LockEngine delaying(Duration lockDelay) {
        return describe("delaying", fixture.one()).lockDelay(lockDelay).build();
    }

    /** As {@link #delaying}; what it holds may pass between its callers for as long as any test lasts. */
    LockEngine handingOn() {
        return describe("handing on", fixture.one())
                .localHandOffs(LOCAL_HAND_OFFS)
                .localHandOffTime(fixture.patience().multipliedBy(6))
                .build();
    }

    /** The least token that no caller of this lease's instance can have got by a local hand-off. */
    long firstTokenAfter(Lease lease) {
        boolean ranges = fixture.one().capabilities().tokenRanges();
        return lease.fencingToken() + (ranges ? LOCAL_HAND_OFFS + 1 : 1);
    }

    private LockEngine.Builder describe(String instance, LockBackend backend) {
        return LockEngine.builder(backend)
                .application("contract")
                .instance(instance)
                .waitTime(fixture.patience())
                .leaseTime(fixture.patience().multipliedBy(6))
                .shutdownTimeout(Duration.ZERO);
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

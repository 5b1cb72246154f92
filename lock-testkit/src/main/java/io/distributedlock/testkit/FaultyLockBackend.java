package io.distributedlock.testkit;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any backend, with the faults of a bad day: requests that never arrive, answers that get lost or come late, a store that
 * forgets. For tests of code that uses locks; a healthy one changes nothing.
 */
public final class FaultyLockBackend implements LockBackend {

    /** What can go wrong: each asynchronous method of a backend. */
    public enum Operation {
        ACQUIRE,
        RENEW,
        RELEASE,
        INSPECT,
        FORCE_RELEASE,
        CHECK
    }

    /** How it can go wrong. */
    public enum Fault {

        /** The store never hears of it; the caller gets an {@link IOException}. */
        NOT_SENT,

        /** The store does it; the caller gets an {@link IOException}. */
        ANSWER_LOST,

        /** The store does it; the caller never hears of it. */
        NO_ANSWER
    }

    private record Injected(Fault fault, AtomicInteger times) {}

    private final LockBackend backend;
    private final Map<Operation, Injected> faults = new ConcurrentHashMap<>();
    private final Map<Operation, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, LockClaim> granted = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;

    /**
     * Wraps a backend. Healthy at first.
     *
     * @param backend does the work, and is closed with this
     */
    public FaultyLockBackend(LockBackend backend) {
        this.backend = backend;
    }

    /**
     * Makes an operation go wrong, each time until {@link #heal()}.
     *
     * @param operation which
     * @param fault how
     */
    public void inject(Operation operation, Fault fault) {
        inject(operation, fault, Integer.MAX_VALUE);
    }

    /**
     * Makes an operation go wrong for some times. Replaces what was injected into it before.
     *
     * @param operation which
     * @param fault how
     * @param times how often
     */
    public void inject(Operation operation, Fault fault, int times) {
        faults.put(operation, new Injected(fault, new AtomicInteger(times)));
    }

    /**
     * Lets every answer come late, counted from when the store gave it. The store hears requests in time.
     *
     * @param time zero to end it
     */
    public void delayAnswers(Duration time) {
        delay = time;
    }

    /** Ends all faults. Answers that never came do not come now. */
    public void heal() {
        faults.clear();
        delay = Duration.ZERO;
    }

    /**
     * Makes the store forget every grant it gave through this backend, as after a failover that lost them.
     *
     * @return completes when they are forgotten
     */
    public CompletableFuture<Void> forgetGrants() {
        CompletableFuture<?>[] forgotten = List.copyOf(granted.values()).stream()
                .map(claim -> backend.release(claim, Duration.ZERO))
                .toArray(CompletableFuture[]::new);
        granted.clear();
        return CompletableFuture.allOf(forgotten);
    }

    /**
     * How often an operation was asked for, with those that went wrong.
     *
     * @param operation which
     * @return since this was made
     */
    public int calls(Operation operation) {
        return counter(operation).get();
    }

    @Override
    public BackendCapabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public String description() {
        return backend.description();
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        return acquire(claim, backend::acquire);
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquireInPlace(LockClaim claim) {
        return acquire(claim, backend::acquireInPlace);
    }

    private CompletableFuture<Optional<LockGrant>> acquire(
            LockClaim claim, Function<LockClaim, CompletableFuture<Optional<LockGrant>>> request) {
        return through(
                Operation.ACQUIRE,
                () -> request.apply(claim).thenApply(grant -> {
                    grant.ifPresent(it -> granted.put(claim.holder(), claim));
                    return grant;
                }));
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        return through(Operation.RENEW, () -> backend.renew(grants));
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        return release(claim, () -> backend.release(claim, keep));
    }

    @Override
    public CompletableFuture<Boolean> releaseInPlace(LockClaim claim, Duration keep) {
        return release(claim, () -> backend.releaseInPlace(claim, keep));
    }

    private CompletableFuture<Boolean> release(LockClaim claim, Supplier<CompletableFuture<Boolean>> request) {
        return through(Operation.RELEASE, () -> {
            granted.remove(claim.holder());
            return request.get();
        });
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return through(Operation.INSPECT, () -> backend.inspect(name));
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return through(Operation.FORCE_RELEASE, () -> backend.forceRelease(name));
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return through(Operation.CHECK, backend::check);
    }

    @Override
    public void close() {
        backend.close();
    }

    private <T> CompletableFuture<T> through(Operation operation, Supplier<CompletableFuture<T>> call) {
        counter(operation).incrementAndGet();
        Fault fault = next(operation);
        if (fault == Fault.NOT_SENT) {
            return CompletableFuture.failedFuture(new IOException("Injected: " + operation + " was not sent"));
        }
        CompletableFuture<T> answer = call.get();
        if (fault == Fault.ANSWER_LOST) {
            IOException lost = new IOException("Injected: the answer to " + operation + " was lost");
            return answer.thenCompose(it -> CompletableFuture.failedFuture(lost));
        }
        return fault == Fault.NO_ANSWER ? new CompletableFuture<>() : late(answer);
    }

    /** The delay counts when the store answers, not when it was asked: a claim may wait in between. */
    private <T> CompletableFuture<T> late(CompletableFuture<T> answer) {
        Executor later = task -> {
            Duration now = delay;
            if (now.isZero()) {
                task.run();
            } else {
                CompletableFuture.delayedExecutor(now.toNanos(), TimeUnit.NANOSECONDS)
                        .execute(task);
            }
        };
        return answer.whenCompleteAsync((value, failure) -> {}, later);
    }

    private @Nullable Fault next(Operation operation) {
        Injected injected = faults.get(operation);
        return injected != null && injected.times().getAndDecrement() > 0 ? injected.fault() : null;
    }

    private AtomicInteger counter(Operation operation) {
        return calls.computeIfAbsent(operation, it -> new AtomicInteger());
    }
}

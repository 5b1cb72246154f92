package io.distributedlock.memory;

import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Locks that live in this JVM only: nothing is kept out of other processes. For tests and demonstrations, and the
 * reference for what other backends do.
 *
 * <p>Exclusive locks in a fair queue, handed on directly. Gaps between the tokens of one lock are the rule, because all
 * locks of a store share a counter. On real time it begins at the clock's microseconds, so that a fence which outlives the JVM lets
 * the next one enter; on the time of a test it begins at 1.
 */
public final class InMemoryLockBackend implements LockBackend {

    private static final BackendCapabilities CAPABILITIES =
            new BackendCapabilities(false, false, true, true, true, true, true, true);

    private final InMemoryStore store;
    private volatile boolean closed;

    /** Makes a store of its own on real time. */
    public InMemoryLockBackend() {
        this(new InMemoryStore(
                daemonTimer(), System::nanoTime, TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())));
    }

    /**
     * Makes a store of its own on the time of a test.
     *
     * @param timer runs what is due; neither blocked nor shut down from here
     * @param nanoTime the clock for leases; {@link LockGrant#validFromNanos()} is a reading of it
     */
    public InMemoryLockBackend(ScheduledExecutorService timer, LongSupplier nanoTime) {
        this(new InMemoryStore(timer, nanoTime, 0));
    }

    private InMemoryLockBackend(InMemoryStore store) {
        this.store = store;
    }

    /**
     * Makes a further client of the same store, as another process would be.
     *
     * @return a backend to be closed on its own
     */
    public InMemoryLockBackend anotherClient() {
        return new InMemoryLockBackend(store);
    }

    /**
     * The names that the store knows: those taken or waited for. Any other leaves no trace.
     *
     * @return a copy
     */
    public Set<String> names() {
        return store.names();
    }

    @Override
    public BackendCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public String description() {
        return "memory of this JVM";
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        if (claim.mode() != LockMode.EXCLUSIVE) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "Lock '%s' must be EXCLUSIVE in the %s, but was %s; use a backend that has shared locks"
                            .formatted(claim.name(), description(), claim.mode())));
        }
        return closed ? refused() : store.acquire(claim, this);
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        return answer(() -> grants.stream().map(store::renew).toList());
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        return answer(() -> store.release(claim, keep));
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return answer(() -> store.inspect(name));
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return answer(() -> store.forceRelease(name));
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return answer(() -> new BackendStatus(Duration.ZERO, Duration.ZERO, null, List.of()));
    }

    /** Withdraws what this client waits for; its leases end by their time. */
    @Override
    public void close() {
        closed = true;
        store.withdraw(this);
    }

    private <T> CompletableFuture<T> answer(Supplier<T> step) {
        return closed ? refused() : CompletableFuture.completedFuture(step.get());
    }

    private static <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(new IllegalStateException("This in-memory lock backend is closed"));
    }

    /** Its thread ends by itself when nothing is due: no client has to be the last to close. */
    private static ScheduledExecutorService daemonTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lock-memory-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }
}

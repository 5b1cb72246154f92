package io.distributedlock.engine;

import io.distributedlock.Lease;
import io.distributedlock.LeaseGroup;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockBackendException;
import io.distributedlock.LockCall;
import io.distributedlock.LockInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.spi.LockBackend;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Locks over any {@link LockBackend}. Decides, once for every store, what a lease is worth, when it is renewed, who of this
 * instance's callers is next, what an error means and how a lease ends.
 *
 * <p>Close it to shut down: it then refuses new claims, waits for open leases, and gives the rest back.
 */
public final class LockEngine implements LockManager, AutoCloseable {

    private final EngineParts parts;
    private final HeldLeases leases;
    private final LocalQueues queues;
    private final Shutdown shutdown;
    private final Claims claims;
    private final Calls calls;

    LockEngine(EngineParts parts, Predicate<Lease> closeHook) {
        this.parts = parts;
        this.leases = new HeldLeases(parts);
        this.queues = new LocalQueues(parts, leases);
        this.shutdown = new Shutdown(parts, leases, queues);
        this.claims = new Claims(parts, queues, shutdown);
        this.calls = new Calls(parts, claims, closeHook);
    }

    /**
     * Starts to describe an engine.
     *
     * @param backend where the locks live; not closed with the engine
     * @return a builder with the defaults of this library
     */
    public static Builder builder(LockBackend backend) {
        return new Builder(backend);
    }

    @Override
    public Lease acquire(LockRequest request) {
        return calls.take(calls.complete(request));
    }

    @Override
    public Optional<Lease> tryAcquire(LockRequest request) {
        LockRequest unlessSaid = request.waitTime() == null ? request.waitTime(Duration.ZERO) : request;
        try {
            return Optional.of(acquire(unlessSaid));
        } catch (LockNotAcquiredException e) {
            return Optional.empty();
        }
    }

    @Override
    public CompletableFuture<Lease> acquireAsync(LockRequest request) {
        return claims.async(calls.complete(request), LeaseHandle::ofNoCall);
    }

    @Override
    public LeaseGroup acquireAll(Collection<LockRequest> requests) {
        return HandleGroup.of(calls.takeAll(requests));
    }

    @Override
    public LockCall startCall(Collection<LockRequest> requests) {
        return calls.start(requests);
    }

    /** For a caller that unlocks by name. */
    Optional<LeaseHandle> handleToUnlock(String name) {
        return calls.handleToUnlock(name);
    }

    @Override
    public Optional<Lease> current(String name) {
        return calls.current(name).map(handle -> handle);
    }

    @Override
    public Optional<Lease> current() {
        Optional<LeaseHandle> innermost = calls.current();
        if (innermost.filter(LeaseHandle::isGrouped).isPresent()) {
            throw new IllegalStateException(
                    "This call holds a group of locks; ask for one of them by name with current(name)");
        }
        return innermost.map(handle -> handle);
    }

    @Override
    public List<Lease> currentAll() {
        return List.copyOf(calls.currentAll());
    }

    @Override
    public List<LeaseInfo> held() {
        return leases.all().stream().map(ActiveLease::info).toList();
    }

    @Override
    public Map<String, Integer> waiting() {
        return queues.waiting();
    }

    @Override
    public LockInfo inspect(String name) {
        return claims.inspect(LockRequest.of(name));
    }

    /**
     * Takes a lock from its holders, whoever they are, for those who look after the store. A holder that lives learns of it when
     * it next renews, and works on until then: only a fence that is entered with the token answered here keeps it out at once.
     *
     * @param name the lock
     * @return a token greater than every one granted so far
     * @throws UnsupportedOperationException if the store cannot do that
     * @throws LockBackendException if the store could not be asked
     */
    public long forceRelease(String name) {
        if (!parts.backend().capabilities().forceRelease()) {
            throw new UnsupportedOperationException(
                    parts.backend().description() + " cannot take a lock from its holder; end the holder instead");
        }
        return claims.forceRelease(LockRequest.of(name));
    }

    @Override
    public Lock asLock(String name) {
        return new LockView(this, name);
    }

    /** Refuses new claims, waits for open leases up to the shutdown timeout, and gives the rest back. */
    @Override
    public void close() {
        shutdown.run();
    }

    /** How many names have a queue here; for tests of growth. */
    int queueCount() {
        return queues.size();
    }

    int watchedCount() {
        return leases.watched();
    }

    /** Describes an engine: what a request that says nothing gets, who this instance is, who listens. */
    public static final class Builder {

        private final LockBackend backend;
        private final List<LockListener> listeners = new ArrayList<>();
        private String application = "application";
        private String instance = ManagementFactory.getRuntimeMXBean().getName();
        private Duration waitTime = Duration.ofSeconds(5);
        private Duration leaseTime = Duration.ofSeconds(15);
        private @Nullable Duration maxHoldTime;
        private Duration lockDelay = Duration.ZERO;
        private int localHandOffs = 64;
        private Duration localHandOffTime = Duration.ofMillis(10);
        private ReleaseMode release = ReleaseMode.CONFIRMED;
        private Duration shutdownTimeout = Duration.ofSeconds(10);
        private Predicate<Lease> closeHook = lease -> false;

        private Builder(LockBackend backend) {
            this.backend = Objects.requireNonNull(backend, "backend");
        }

        /**
         * Names the application in what others see of its locks.
         *
         * @param name for people
         * @return this
         */
        public Builder application(String name) {
            application = Objects.requireNonNull(name);
            return this;
        }

        /**
         * Tells this instance from others of the same application.
         *
         * @param name for people; by default process id and host
         * @return this
         */
        public Builder instance(String name) {
            instance = Objects.requireNonNull(name);
            return this;
        }

        /**
         * Sets how long a request that says nothing waits.
         *
         * @param time zero or more; 5 s by default
         * @return this
         */
        public Builder waitTime(Duration time) {
            waitTime = time;
            return this;
        }

        /**
         * Sets the lease time of a request that says nothing.
         *
         * @param time at least 100 ms; 15 s by default
         * @return this
         */
        public Builder leaseTime(Duration time) {
            leaseTime = time;
            return this;
        }

        /**
         * Sets the maximum hold time of a request that says nothing.
         *
         * @param time {@code null}, the default, for no bound
         * @return this
         */
        public Builder maxHoldTime(@Nullable Duration time) {
            maxHoldTime = time;
            return this;
        }

        /**
         * Sets how long an expired lock stays taken beyond its lease.
         *
         * @param time zero by default; more only for a backend that is capable of it
         * @return this
         */
        public Builder lockDelay(Duration time) {
            lockDelay = time;
            return this;
        }

        /**
         * Sets how many times a lock may pass between callers of this instance, without a request to the store, before
         * other instances get their turn.
         *
         * @param times 64 by default; 0 = each caller asks the store; at most 1000
         * @return this
         */
        public Builder localHandOffs(int times) {
            localHandOffs = times;
            return this;
        }

        /**
         * Sets for how long a lock may pass between callers of this instance. After that, callers who still wait take
         * their place in the store's queue.
         *
         * @param time 10 ms by default; zero = not at all; at most a minute
         * @return this
         */
        public Builder localHandOffTime(Duration time) {
            localHandOffTime = Objects.requireNonNull(time);
            return this;
        }

        /**
         * Sets whether whoever gives a lock back waits for the store's answer.
         *
         * @param mode {@link ReleaseMode#CONFIRMED} by default
         * @return this
         */
        public Builder release(ReleaseMode mode) {
            release = Objects.requireNonNull(mode);
            return this;
        }

        /**
         * Sets how long a shutdown waits for open leases.
         *
         * @param time 10 s by default
         * @return this
         */
        public Builder shutdownTimeout(Duration time) {
            shutdownTimeout = time;
            return this;
        }

        /**
         * Adds a listener.
         *
         * @param listener hears what happens to the locks of this engine
         * @return this
         */
        public Builder listener(LockListener listener) {
            listeners.add(Objects.requireNonNull(listener));
            return this;
        }

        /**
         * Sets who is asked by {@link Lease#close()}.
         *
         * @param hook answers {@code true} when it has taken over to call {@link Lease#release()} later
         * @return this
         */
        public Builder closeHook(Predicate<Lease> hook) {
            closeHook = Objects.requireNonNull(hook);
            return this;
        }

        /**
         * Starts the engine.
         *
         * @return an engine with threads of its own; close it
         * @throws IllegalArgumentException if a time is out of its limits
         */
        public LockEngine build() {
            return build(EngineThreads.start(), EngineClock.SYSTEM);
        }

        LockEngine build(EngineThreads threads, EngineClock clock) {
            if (!lockDelay.isZero() && !backend.capabilities().lockDelay()) {
                throw new IllegalArgumentException(backend.description() + " has no lock-delay, but it was set to "
                        + lockDelay + "; set it to 0 or choose another backend");
            }
            EngineSettings settings = new EngineSettings(
                    application,
                    instance,
                    waitTime,
                    leaseTime,
                    maxHoldTime,
                    lockDelay,
                    localHandOffs,
                    localHandOffTime,
                    release,
                    shutdownTimeout);
            Alarms alarms = new Alarms(threads.timer(), clock);
            return new LockEngine(
                    new EngineParts(
                            backend,
                            settings,
                            clock,
                            threads,
                            alarms,
                            new Listeners(listeners),
                            new Failures(backend.description()),
                            new Releases(backend, threads.timer(), alarms, clock)),
                    closeHook);
        }
    }
}

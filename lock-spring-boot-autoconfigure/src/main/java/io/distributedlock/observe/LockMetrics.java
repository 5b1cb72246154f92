package io.distributedlock.observe;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockException;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and times what happens to the locks of this instance. The tag {@code lock.name} is the declared name, for example
 * {@code order:#{#id}}, never the one of a single lock: those are without number.
 *
 * <ul>
 *   <li>{@code lock.acquire}, a timer: from the call to its end, by {@code outcome} {@code acquired}, {@code contended}
 *       (others had the lock) or {@code error} (the store failed, or the caller was interrupted)
 *   <li>{@code lock.hold}, a timer: from the grant to the release, also of leases that were lost
 *   <li>{@code lock.releases}, a counter: by {@code outcome} {@code released}, {@code deferred} (the name stays taken for
 *       its minimum hold time), {@code already-lost} or {@code unknown} (the store did not answer; the lock is free when
 *       its lease is over)
 *   <li>{@code lock.renewals}, a counter: by {@code outcome} {@code renewed}, {@code failed} (will be tried again) or
 *       {@code lost} (the store said that the lease is over)
 *   <li>{@code lock.lost}, a counter: by {@code reason}; {@code after-commit} counts, besides, those of them that were
 *       noticed when the work's transaction had committed, and did no harm
 *   <li>{@code lock.bypassed}, a counter: calls that ran without the lock, because its condition said so
 *   <li>{@code lock.held}, a gauge over all names: the leases that are open now
 *   <li>{@code lock.suspect}, a gauge over all names: those of them whose last renewal failed
 * </ul>
 */
public final class LockMetrics implements LockListener, MeterBinder {

    /** The {@code lock.name} of requests that declare none. */
    public static final String UNDECLARED = "programmatic";

    /** The {@code lock.name} of whatever is declared beyond {@value #MAX_NAMES} names. */
    public static final String OTHER = "other";

    /** How many declared names have meters of their own: code may declare names as it runs, without end. */
    public static final int MAX_NAMES = 200;

    private static final Logger log = LoggerFactory.getLogger(LockMetrics.class);

    private final Supplier<MeterRegistry> registry;
    private final Supplier<Stream<LockManager>> managers;
    private final Map<String, LockMeters> byName = new ConcurrentHashMap<>();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Made before the managers that it listens to, so all it needs is asked for late.
     *
     * @param registry has the meters; asked when a declared name is first met
     * @param managers whose open leases are counted; asked each time the gauge is read
     */
    public LockMetrics(Supplier<MeterRegistry> registry, Supplier<Stream<LockManager>> managers) {
        this.registry = registry;
        this.managers = managers;
    }

    @Override
    public void bindTo(MeterRegistry target) {
        Gauge.builder("lock.held", this, LockMetrics::held)
                .description("Leases that this instance holds")
                .baseUnit("leases")
                .register(target);
        Gauge.builder("lock.suspect", this, LockMetrics::suspect)
                .description("Leases of which nobody knows whether the store prolonged them")
                .baseUnit("leases")
                .register(target);
    }

    private double held() {
        return managers.get().mapToInt(manager -> manager.held().size()).sum();
    }

    private double suspect() {
        return managers.get()
                .flatMap(manager -> manager.held().stream())
                .filter(LeaseInfo::suspect)
                .count();
    }

    @Override
    public void acquired(LeaseInfo lease, Duration waited) {
        meters(lease.template()).acquired().record(waited);
    }

    @Override
    public void notAcquired(LockRequest request, Duration waited, LockException cause) {
        LockMeters meters = meters(request.template());
        (cause instanceof LockNotAcquiredException ? meters.contended() : meters.error()).record(waited);
    }

    @Override
    public void bypassed(String template) {
        meters(template).bypassed().increment();
    }

    @Override
    public void renewed(LeaseInfo lease) {
        meters(lease.template()).renewed().increment();
    }

    @Override
    public void renewalFailed(LeaseInfo lease, Throwable cause) {
        meters(lease.template()).renewalFailed().increment();
    }

    @Override
    public void lost(LeaseInfo lease, LossReason reason) {
        LockMeters meters = meters(lease.template());
        meters.lost(reason).increment();
        if (reason == LossReason.NOT_HELD) {
            meters.renewalRefused().increment();
        }
    }

    @Override
    public void lostAfterCommit(LockRequest request, LockLostException loss) {
        meters(request.template()).lostAfterCommit().increment();
    }

    @Override
    public void released(LeaseInfo lease, Duration held, ReleaseOutcome outcome) {
        LockMeters meters = meters(lease.template());
        meters.hold().record(held);
        meters.released(outcome).increment();
    }

    private LockMeters meters(@Nullable String template) {
        String name = template == null ? UNDECLARED : template;
        LockMeters known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (byName.size() < MAX_NAMES) {
            return make(name);
        }
        warnOnce(name);
        LockMeters other = byName.get(OTHER);
        return other != null ? other : make(OTHER);
    }

    /** Not inside computeIfAbsent: making the registry runs code of others, which may take locks and come here. */
    private LockMeters make(String name) {
        LockMeters made = LockMeters.register(registry.get(), name);
        byName.put(name, made); // the same meters, if two threads came here: a registry makes each once
        return made;
    }

    private void warnOnce(String name) {
        if (!warned.getAndSet(true)) {
            log.warn(
                    "More than {} lock templates have been used, the latest is '{}': metrics count further ones as"
                            + " lock.name={}. A template says what many locks have in common, like 'order:#{#id}'; give it"
                            + " no values.",
                    MAX_NAMES,
                    name,
                    OTHER);
        }
    }
}

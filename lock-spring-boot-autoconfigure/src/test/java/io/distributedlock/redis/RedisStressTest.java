package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockBackendException;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Lost and late messages, dead holders, dead waiters, stalls, withdrawals and expiry, all at once; and among them instances
 * as applications have them, whose callers send by themselves and hand on to each other.
 */
class RedisStressTest extends RedisTest {

    private static final int GRANTS = 10_000;

    /** In which they have to be made. An idle machine needs a tenth of it. */
    private static final Duration AT_MOST = Duration.ofSeconds(100);

    private static final int LOCKS = 8;
    private static final int CLIENTS = 4;
    private static final int WORKERS = 32;
    private static final int CALLERS_OF_EACH = 4;

    private static final Duration LEASE = Duration.ofMillis(150);

    /**
     * For each engine. Under the shorter one a holder that stalls depends on its renewals. The longer one is for releases:
     * should they not be sent, so many grants cannot be made in time.
     */
    private static final List<Duration> LEASES_OF_ENGINES = List.of(LEASE, Duration.ofSeconds(1));

    private static final Duration LONGEST_LEASE = Duration.ofSeconds(1);

    /** A lock that was handed over is kept as long for a holder that does not move, if that is less than two seconds. */
    private static final Duration LONGEST_CLAIM_TIME = LONGEST_LEASE;

    private static final Duration JITTER = Duration.ofMillis(100);

    /** How long somebody who is dead, or was not told, may keep those waiting who come next. */
    private static final Duration SAFETY_PERIOD = LONGEST_LEASE.plus(JITTER).plus(LONGEST_CLAIM_TIME);

    /** How many of these one claim meets at most: one in ten claims is such, and about five wait for a lock. */
    private static final int DEAD_AHEAD = 5;

    /** What a busy machine may need for the turns of those who live. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration LONGEST_WAIT =
            SAFETY_PERIOD.multipliedBy(DEAD_AHEAD).plus(SLACK);

    /** At three quarters of it a claim looks once more, whatever happened: far too late. */
    private static final Duration PATIENT = Duration.ofSeconds(40);

    private enum Event {
        MESSAGE_LOST,
        MESSAGE_LATE,
        WAITER_DIED,
        WITHDRAWN,
        HOLDER_DIED,
        HOLDER_STALLED
    }

    private final HistoryChecker history = new HistoryChecker();
    private final AtomicInteger grants = new AtomicInteger();
    private final AtomicInteger grantsOfEngines = new AtomicInteger();
    private final Map<Event, AtomicInteger> events = new EnumMap<>(Event.class);

    @Test
    @SuppressWarnings("SystemOut") // the seed is needed to try again
    void oneHolderAtATimeInTheOrderOfTheTokensNobodyForgottenAndNothingLeft() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("Seed of the stress test: " + seed);
        for (Event event : Event.values()) {
            events.put(event, new AtomicInteger());
        }
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS + LEASES_OF_ENGINES.size() * CALLERS_OF_EACH);
        List<LossyClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(unreliable(closedAfterTheTest(new LossyClient(redis)), new Random(seed + i)));
        }
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            LossyClient client = clients.get(i % CLIENTS);
            Random random = new Random(seed + 100 + i);
            workers.add(CompletableFuture.runAsync(() -> work(client, random), threads));
        }
        for (Duration lease : LEASES_OF_ENGINES) {
            RedisLockBackend backend = closedAfterTheTest(redis.backend());
            LockEngine engine = closedAfterTheTest(
                    LockEngine.builder(backend).leaseTime(lease).build());
            for (int j = 0; j < CALLERS_OF_EACH; j++) {
                Random random = new Random(seed + 100 + workers.size());
                workers.add(CompletableFuture.runAsync(() -> call(engine, random), threads));
            }
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new));
        threads.shutdown();

        try {
            await().atMost(AT_MOST).until(() -> grants.get() >= GRANTS || all.isDone());
        } finally {
            grants.addAndGet(GRANTS); // ends the workers
        }
        all.get(2 * PATIENT.toSeconds(), TimeUnit.SECONDS);

        System.out.printf("%d grants believed, %s to engines, %s%n", history.size(), grantsOfEngines, events);
        assertThat(history.size()).isGreaterThanOrEqualTo(GRANTS);
        assertThat(grantsOfEngines.get()).isBetween(GRANTS / 20, history.size() - GRANTS / 20);
        history.verify();
        assertThat(events).allSatisfy((event, count) -> assertThat(count.get()).isGreaterThan(10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(redis.stored.leftovers()).isEmpty());
    }

    private LossyClient unreliable(LossyClient client, Random random) {
        client.postman((message, inbox) -> {
            int dice = random.nextInt(100);
            if (dice < 2) {
                count(Event.MESSAGE_LOST);
            } else if (dice < 6) {
                count(Event.MESSAGE_LATE);
                client.timer.schedule(
                        () -> inbox.accept(message), random.nextLong(2 * LEASE.toMillis()), TimeUnit.MILLISECONDS);
            } else {
                inbox.accept(message);
            }
        });
        return client;
    }

    private void work(LossyClient client, Random random) {
        while (grants.get() < GRANTS) {
            LockClaim claim = Claims.claim(
                    "lock-" + random.nextInt(LOCKS), LEASE, waitTime(random), Duration.ZERO, 1 + random.nextInt(3));
            if (random.nextInt(50) == 0) {
                count(Event.WAITER_DIED);
                answer(() -> client.replay(claim.withWaitTime(Duration.ofSeconds(1)), "nobody-listens-here"));
            } else {
                attempt(client, claim, random);
            }
        }
    }

    private void attempt(LossyClient client, LockClaim claim, Random random) {
        long since = System.nanoTime();
        boolean withdrawn = random.nextInt(10) == 0;
        Duration patience = withdrawn ? Duration.ofMillis(random.nextInt(20)) : PATIENT.plus(PATIENCE);
        Optional<LockGrant> granted = answer(() ->
                client.acquire(claim).completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS));
        if (withdrawn) {
            count(Event.WITHDRAWN);
        } else {
            checkWait(claim.waitTime(), granted.isPresent(), since);
        }
        granted.ifPresent(grant -> hold(
                grant.claim().name(),
                grant.token(),
                grant.validFromNanos() + grant.lease().toNanos(),
                () -> false,
                random));
        if (granted.isPresent() && random.nextInt(100) == 0) {
            count(Event.HOLDER_DIED);
        } else {
            answer(() -> client.release(claim));
        }
    }

    private void call(LockEngine engine, Random random) {
        while (grants.get() < GRANTS) {
            Duration waitTime = waitTime(random);
            long since = System.nanoTime();
            Optional<Lease> granted =
                    ask(engine, LockRequest.of("lock-" + random.nextInt(LOCKS)).waitTime(waitTime));
            checkWait(waitTime, granted.isPresent(), since);
            granted.ifPresent(lease -> {
                try (lease) {
                    long now = System.nanoTime();
                    hold(
                            lease.name(),
                            lease.fencingToken(),
                            now + lease.remaining().toNanos(),
                            lease::isHeld,
                            random);
                    grantsOfEngines.incrementAndGet();
                }
            });
        }
    }

    private static Duration waitTime(Random random) {
        return random.nextInt(5) == 0 ? PATIENT : Duration.ofMillis(random.nextInt(300));
    }

    /** Whoever is ready to wait for longer than all others may take gets the lock. */
    private static void checkWait(Duration waitTime, boolean granted, long since) {
        boolean patient = waitTime.equals(PATIENT);
        assertThat(Duration.ofNanos(System.nanoTime() - since))
                .as("how long a claim waited that had %s", waitTime)
                .isLessThan(patient ? LONGEST_WAIT : waitTime.plus(PATIENCE));
        assertThat(granted || !patient)
                .as("a claim was granted that had %s", waitTime)
                .isTrue();
    }

    /** On a busy machine a short wait time may be over before the store has answered, which is an error of its own. */
    private static Optional<Lease> ask(LockEngine engine, LockRequest request) {
        try {
            return engine.tryAcquire(request);
        } catch (LockBackendException e) {
            return Optional.empty();
        }
    }

    /**
     * On a busy machine a connection may be silent for so long that it is given up, with whatever is under way on it. Then
     * the same is asked again, as by an engine.
     */
    private static <T> T answer(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get().join();
        } catch (CompletionException e) {
            return Retry.untilAnswered(call);
        }
    }

    /** Believes in the grant for a short while, and never longer than its lease, unless that was renewed. */
    private void hold(String name, long token, long deadline, BooleanSupplier isRenewed, Random random) {
        long from = System.nanoTime();
        if (from - deadline >= 0) {
            return;
        }
        if (random.nextInt(100) == 0) {
            count(Event.HOLDER_STALLED);
            LockSupport.parkNanos(2 * LEASE.toNanos());
        } else {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(300)));
        }
        long to = System.nanoTime();
        boolean isHeld = to - deadline < 0 || isRenewed.getAsBoolean();
        history.record(new HistoryChecker.Hold(name, token, from, isHeld ? to : deadline));
        grants.incrementAndGet();
    }

    private void count(Event event) {
        events.get(event).incrementAndGet();
    }
}

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
    private static final int ENGINES = 2;
    private static final int CALLERS_OF_EACH = 4;

    private static final Duration LEASE = Duration.ofMillis(150);

    /** Longer than all others together may keep a claim waiting, each for its lease, the jitter and a claim time. */
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
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS + ENGINES * CALLERS_OF_EACH);
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
        for (int i = 0; i < ENGINES; i++) {
            RedisLockBackend backend = closedAfterTheTest(redis.backend());
            LockEngine engine = closedAfterTheTest(LockEngine.builder(backend).build());
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
                .untilAsserted(() -> assertThat(redis.leftovers()).isEmpty());
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
            boolean patient = random.nextInt(5) == 0;
            LockClaim claim = Claims.claim(
                    "lock-" + random.nextInt(LOCKS),
                    LEASE,
                    patient ? PATIENT : Duration.ofMillis(random.nextInt(300)),
                    Duration.ZERO,
                    1 + random.nextInt(3));
            if (random.nextInt(50) == 0) {
                count(Event.WAITER_DIED);
                client.replay(claim.withWaitTime(Duration.ofSeconds(1)), "nobody-listens-here")
                        .join();
            } else {
                attempt(client, claim, patient, random);
            }
        }
    }

    private void attempt(LossyClient client, LockClaim claim, boolean patient, Random random) {
        CompletableFuture<Optional<LockGrant>> asked = client.acquire(claim);
        boolean withdrawn = random.nextInt(10) == 0;
        if (withdrawn) {
            count(Event.WITHDRAWN);
            asked.completeOnTimeout(Optional.empty(), random.nextInt(20), TimeUnit.MILLISECONDS);
        }
        Optional<LockGrant> granted = answer(asked, claim);
        assertThat(granted.isPresent() || withdrawn || !patient)
                .as("a claim with a wait time of %s, longer than all others may take, was granted", PATIENT)
                .isTrue();
        granted.ifPresent(grant -> hold(
                grant.claim().name(),
                grant.token(),
                grant.validFromNanos() + grant.lease().toNanos(),
                random));
        if (granted.isPresent() && random.nextInt(100) == 0) {
            count(Event.HOLDER_DIED);
        } else {
            client.release(claim).join();
        }
    }

    private void call(LockEngine engine, Random random) {
        while (grants.get() < GRANTS) {
            boolean patient = random.nextInt(5) == 0;
            Optional<Lease> granted = ask(
                    engine,
                    LockRequest.of("lock-" + random.nextInt(LOCKS))
                            .waitTime(patient ? PATIENT : Duration.ofMillis(random.nextInt(300))));
            assertThat(granted.isPresent() || !patient)
                    .as("a caller with a wait time of %s, longer than all others may take, was granted", PATIENT)
                    .isTrue();
            granted.ifPresent(lease -> {
                try (lease) {
                    long now = System.nanoTime();
                    hold(
                            lease.name(),
                            lease.fencingToken(),
                            now + lease.remaining().toNanos(),
                            random);
                    grantsOfEngines.incrementAndGet();
                }
            });
        }
    }

    /** On a busy machine a short wait time may be over before the store has answered, which is an error of its own. */
    private static Optional<Lease> ask(LockEngine engine, LockRequest request) {
        try {
            return engine.tryAcquire(request);
        } catch (LockBackendException e) {
            return Optional.empty();
        }
    }

    private static Optional<LockGrant> answer(CompletableFuture<Optional<LockGrant>> asked, LockClaim claim) {
        try {
            return asked.get(claim.waitTime().plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("A claim was not answered within its wait time", e);
        }
    }

    /** Believes in the grant for a short while, and never longer than its lease. */
    private void hold(String name, long token, long deadline, Random random) {
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
        history.record(new HistoryChecker.Hold(name, token, from, to - deadline < 0 ? to : deadline));
        grants.incrementAndGet();
    }

    private void count(Event event) {
        events.get(event).incrementAndGet();
    }
}

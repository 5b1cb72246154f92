package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.HistoryChecker;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lost and late messages, dead holders, dead waiters, withdrawals and expiry, all at once. */
class RedisStressTest {

    private static final Duration RUN = Duration.ofSeconds(10);

    /** Messages that come later than this are too late for every hand-off. */
    private static final Duration LEASE = Duration.ofMillis(300);

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.own();

    private final HistoryChecker history = new HistoryChecker();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger withdrawn = new AtomicInteger();
    private final AtomicInteger died = new AtomicInteger();
    private final AtomicInteger expired = new AtomicInteger();

    @Test
    @SuppressWarnings("SystemOut") // the seed is needed to try again
    void oneHolderAtATimeInTheOrderOfTheTokensAndNothingIsLeft() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("Seed of the stress test: " + seed);
        try (Redis redis = new Redis(SERVER.uri())) {
            List<LossyClient> clients = new ArrayList<>();
            ExecutorService threads = Executors.newCachedThreadPool();
            long end = System.nanoTime() + RUN.toNanos();
            List<CompletableFuture<Void>> workers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                if (i % 4 == 0) {
                    clients.add(unreliable(new LossyClient(redis), new Random(seed + i)));
                }
                LossyClient client = clients.get(i / 4);
                Random random = new Random(seed + 100 + i);
                workers.add(CompletableFuture.runAsync(() -> work(client, random, end), threads));
            }

            CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

            history.verify();
            System.out.printf(
                    "%d grants believed, %d messages lost, %d late, %d claims withdrawn, %d processes died, %d leases ran out%n",
                    history.size(), lost.get(), late.get(), withdrawn.get(), died.get(), expired.get());
            assertThat(history.size()).isGreaterThan(200);
            assertThat(List.of(lost.get(), late.get(), withdrawn.get(), died.get(), expired.get()))
                    .allMatch(count -> count > 5);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(redis.leftovers()).isEmpty());
            threads.shutdown();
            clients.forEach(LossyClient::close);
        }
    }

    private LossyClient unreliable(LossyClient client, Random random) {
        client.postman((message, inbox) -> {
            int dice = random.nextInt(100);
            if (dice < 5) {
                lost.incrementAndGet();
            } else if (dice < 15) {
                late.incrementAndGet();
                client.timer.schedule(() -> inbox.accept(message), random.nextInt(600), TimeUnit.MILLISECONDS);
            } else {
                inbox.accept(message);
            }
        });
        return client;
    }

    private void work(LossyClient client, Random random, long end) {
        while (System.nanoTime() - end < 0) {
            LockClaim claim = Claims.claim(
                    "lock-" + random.nextInt(3),
                    LEASE,
                    Duration.ofMillis(random.nextInt(1_000)),
                    Duration.ZERO,
                    1 + random.nextInt(3));
            if (random.nextInt(50) == 0) {
                died.incrementAndGet();
                client.replay(claim, "nobody-listens-here").join();
            } else {
                attempt(client, claim, random);
            }
        }
    }

    private void attempt(LossyClient client, LockClaim claim, Random random) {
        CompletableFuture<Optional<LockGrant>> asked = client.acquire(claim);
        if (random.nextInt(10) == 0) {
            withdrawn.incrementAndGet();
            asked.completeOnTimeout(Optional.empty(), random.nextInt(20), TimeUnit.MILLISECONDS);
        }
        Optional<LockGrant> granted = answer(asked);
        granted.ifPresent(grant -> hold(grant, random));
        if (granted.isEmpty() || random.nextInt(30) != 0) {
            client.release(claim).join();
        } else {
            expired.incrementAndGet();
        }
    }

    private static Optional<LockGrant> answer(CompletableFuture<Optional<LockGrant>> asked) {
        try {
            return asked.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("A claim was not answered within its wait time", e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Believes in the grant for a short while, and never longer than its lease. */
    private void hold(LockGrant grant, Random random) {
        long from = System.nanoTime();
        long deadline = grant.validFromNanos() + grant.lease().toNanos();
        if (from - deadline >= 0) {
            return;
        }
        long until = from + TimeUnit.MICROSECONDS.toNanos(random.nextInt(3_000));
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        long to = System.nanoTime();
        history.record(
                new HistoryChecker.Hold(grant.claim().name(), grant.token(), from, to - deadline < 0 ? to : deadline));
    }
}

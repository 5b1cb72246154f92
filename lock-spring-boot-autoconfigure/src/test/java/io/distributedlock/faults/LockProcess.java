package io.distributedlock.faults;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.redis.RedisLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.zookeeper.ZooKeeperLockBackend;
import io.distributedlock.zookeeper.ZooKeeperSettings;
import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * One instance of an application, in a JVM of its own: takes the lock when told {@code lock}, works under it until told
 * {@code finish}, and says with the time in microseconds when it believes in the lock and when it stops to. Told
 * {@code chain}, its threads pass the lock among themselves until it dies; told {@code waiters}, it says how many wait in
 * the store.
 */
@SuppressWarnings("SystemOut") // what it says is read by the test
final class LockProcess {

    private static final Duration LONG_WAIT = Duration.ofMinutes(1);
    private static final String NAME = "order:42";
    private static final int CHAIN_THREADS = 4;

    private LockProcess() {}

    public static void main(String[] arguments) throws IOException {
        Duration lease = Duration.parse(arguments[2]);
        Duration lockDelay = Duration.parse(arguments[3]);
        LockEngine locks = LockEngine.builder(backend(arguments[0], arguments[1], lease.plus(lockDelay)))
                .leaseTime(lease)
                .lockDelay(lockDelay)
                .waitTime(LONG_WAIT)
                .build();
        CountDownLatch finish = new CountDownLatch(1);
        say("READY");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("lock")) {
                new Thread(() -> work(locks, finish)).start();
            } else if (line.equals("finish")) {
                finish.countDown();
            } else if (line.equals("chain")) {
                for (int i = 0; i < CHAIN_THREADS; i++) {
                    new Thread(() -> pass(locks)).start();
                }
            } else if (line.equals("waiters")) {
                say("WAITERS " + locks.inspect(NAME).waiters());
            }
        }
    }

    private static LockBackend backend(String kind, String address, Duration session) {
        return kind.equals("redis")
                ? RedisLockBackend.builder(RedisURI.create(address))
                        .namespace("faults")
                        .build()
                : new ZooKeeperLockBackend(
                        new ZooKeeperSettings(address, session, Duration.ofSeconds(2), "/locks", "faults"));
    }

    private static void work(LockEngine locks, CountDownLatch finish) {
        try {
            locks.withLock(LockRequest.of(NAME), () -> {
                Lease lease = locks.current(NAME).orElseThrow();
                say("HELD " + lease.fencingToken());
                lease.lost().thenAccept(reason -> say("OVER " + reason));
                finish.await();
            });
            say("RELEASED");
        } catch (LockLostException e) {
            say("LOST " + e.fencingToken() + " " + e.reason());
        } catch (Exception e) {
            say("FAILED " + e);
        }
    }

    private static void pass(LockEngine locks) {
        while (true) {
            locks.withLock(
                    LockRequest.of(NAME),
                    () -> say("PASSED " + locks.current(NAME).orElseThrow().fencingToken()));
        }
    }

    private static void say(String what) {
        long micros = System.currentTimeMillis() * 1000;
        System.out.println(what + " @" + micros);
    }
}

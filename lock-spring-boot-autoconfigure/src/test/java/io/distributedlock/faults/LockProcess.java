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
 * {@code finish}, and says with the time in microseconds when it believes in the lock and when it stops to.
 */
@SuppressWarnings("SystemOut") // what it says is read by the test
final class LockProcess {

    private static final Duration LONG_WAIT = Duration.ofMinutes(1);

    private LockProcess() {}

    public static void main(String[] arguments) throws IOException {
        Duration lease = Duration.parse(arguments[2]);
        LockEngine locks = LockEngine.builder(backend(arguments[0], arguments[1], lease))
                .leaseTime(lease)
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
            }
        }
    }

    private static LockBackend backend(String kind, String address, Duration lease) {
        return kind.equals("redis")
                ? RedisLockBackend.builder(RedisURI.create(address))
                        .namespace("faults")
                        .build()
                : new ZooKeeperLockBackend(
                        new ZooKeeperSettings(address, lease, Duration.ofSeconds(2), "/locks", "faults"));
    }

    private static void work(LockEngine locks, CountDownLatch finish) {
        try {
            locks.withLock(LockRequest.of("order:42"), () -> {
                Lease lease = locks.current("order:42").orElseThrow();
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

    private static void say(String what) {
        long micros = System.currentTimeMillis() * 1000;
        System.out.println(what + " @" + micros);
    }
}

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;
import io.distributedlock.benchmarks.measure.HeapGuard;
import io.distributedlock.benchmarks.measure.Slice;
import io.distributedlock.benchmarks.measure.Threads;
import io.distributedlock.benchmarks.server.CommandCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets threads gather behind a lock that is held, then gives it back and waits until it went through all their hands. */
final class Drain {

    /** With few waiters one drain is over before it can be timed: as many as to have so many hand-offs. */
    private static final int HAND_OFFS_AT_LEAST = 128;

    private static final long IDLE_MILLIS = 1_000;
    private static final long SETTLE_MILLIS = 150;
    private static final int LIMIT_SECONDS = 60;

    private final List<LockClient> clients;
    private final String name;
    private final int waiters;
    private final CommandCounts counts;
    private final List<Double> commandsPerHandOff = new ArrayList<>();
    private final List<Double> idleCommandsPerSecond = new ArrayList<>();
    private HeapGuard guard = new HeapGuard();

    Drain(List<LockClient> clients, String name, int waiters, CommandCounts counts) {
        this.clients = clients;
        this.name = name;
        this.waiters = waiters;
        this.counts = counts;
    }

    List<Double> commandsPerHandOff() {
        return commandsPerHandOff;
    }

    List<Double> idleCommandsPerSecond() {
        return idleCommandsPerSecond;
    }

    Slice slice() throws Exception {
        guard = guard.next();
        int drains = Math.max(1, HAND_OFFS_AT_LEAST / waiters);
        double seconds = 0;
        long commands = 0;
        int granted = 0;
        for (int i = 0; i < drains; i++) {
            Crowd crowd = new Crowd(guard);
            if (i == 0) {
                idleCommandsPerSecond.add(crowd.idle());
            }
            long before = counts.now();
            seconds += crowd.drain();
            commands += counts.now() - before;
            granted += crowd.granted.get();
            crowd.leave();
        }
        commandsPerHandOff.add(commands / (double) granted);
        String remark = granted == drains * waiters
                ? guard.violations().first()
                : "failed: only %d of %d waiters got the lock within %d s"
                        .formatted(granted, drains * waiters, LIMIT_SECONDS);
        return new Slice(seconds, List.of((long) granted), guard.violations().count(), remark);
    }

    /** All who wait for one drain. */
    private final class Crowd {

        private final HeapGuard guard;
        private final Mutex holder = clients.get(0).mutex(name);
        private final int holderNumber = waiters + 1;
        private final AtomicInteger granted = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(waiters);
        private final CountDownLatch measured = new CountDownLatch(1);
        private final List<Thread> threads = new ArrayList<>();

        Crowd(HeapGuard guard) throws Exception {
            this.guard = guard;
            guard.entered(holderNumber, holder.acquire());
            CountDownLatch begun = new CountDownLatch(waiters);
            for (int i = 0; i < waiters; i++) {
                int number = i + 1;
                Mutex mutex = clients.get(i % clients.size()).mutex(name);
                threads.add(Threads.platform().newThread(() -> {
                    begun.countDown();
                    passThrough(mutex, number);
                    awaitMeasured();
                }));
            }
            threads.forEach(Thread::start);
            begun.await();
            // Their requests are on the way now.
            Thread.sleep(SETTLE_MILLIS + waiters);
        }

        private void passThrough(Mutex mutex, int number) {
            try {
                guard.entered(number, mutex.acquire());
                guard.left(number);
                mutex.release();
                granted.incrementAndGet();
            } catch (Exception e) {
                // Missing among those who were granted the lock, which is reported.
                return;
            } finally {
                ended.countDown();
            }
        }

        /** Ending a thread costs more than a hand-off, and threads of a pool do not end. */
        private void awaitMeasured() {
            try {
                measured.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** So that no thread ends in somebody else's turn; those that still wait for the lock end some time. */
        void leave() throws InterruptedException {
            measured.countDown();
            if (ended.getCount() == 0) {
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }

        double idle() throws InterruptedException {
            long before = counts.now();
            Thread.sleep(IDLE_MILLIS);
            return (counts.now() - before) / (IDLE_MILLIS / 1e3);
        }

        double drain() throws Exception {
            guard.left(holderNumber);
            long start = System.nanoTime();
            holder.release();
            ended.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            return (System.nanoTime() - start) / 1e9;
        }
    }
}

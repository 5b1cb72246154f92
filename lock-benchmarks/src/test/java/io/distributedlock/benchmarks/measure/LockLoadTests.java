package io.distributedlock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.benchmarks.adapter.LockClient;
import io.distributedlock.benchmarks.adapter.Mutex;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LockLoadTests {

    private final LockLoad fourThreads = new LockLoad(Threads.platform(), 4, 0.5, 200_000);

    @Test
    void aLockThatLocksHasNoViolations() {
        ReentrantLock lock = new ReentrantLock(true);
        AtomicLong tokens = new AtomicLong();
        Slice slice = fourThreads.onOneName(client(name -> new Counting(lock, tokens)), "any");

        assertThat(slice.violations()).isZero();
        assertThat(slice.remark()).isEmpty();
        assertThat(slice.grants()).hasSize(4);
        assertThat(slice.perSecond()).isPositive();
    }

    @Test
    void aLockThatDoesNotLockIsCaught() {
        Slice slice = fourThreads.onOneName(client(name -> new Open()), "any");

        assertThat(slice.violations()).isPositive();
        assertThat(slice.remark()).startsWith("worker");
    }

    @Test
    void tokensThatBeginAgainInTheNextTurnAreCaught() {
        LockLoad oneThread = new LockLoad(Threads.platform(), 1, 0.2, 1_000_000);
        LockClient forgetful = client(name -> new Counting(new ReentrantLock(), new AtomicLong()));

        assertThat(oneThread.onOneName(forgetful, "one").violations()).isZero();
        assertThat(oneThread.onOwnNames(forgetful, "own", 1).violations()).isZero();

        assertThat(oneThread.onOneName(forgetful, "one").violations()).isPositive();
        assertThat(oneThread.onOwnNames(forgetful, "own", 1).violations()).isPositive();
        assertThat(oneThread.onOneName(forgetful, "another").violations()).isZero();
    }

    @Test
    void namesOfOneThreadAreNotConfusedWithThoseOfAnother() {
        Slice slice = fourThreads.onOwnNames(client(name -> new Open()), "own", 2);

        assertThat(slice.violations()).isZero();
    }

    @Test
    void aLockThatFailsIsNotCountedAsGranted() {
        Slice slice = fourThreads.onOneName(
                client(name -> new Mutex() {
                    @Override
                    public long acquire() {
                        throw new IllegalStateException("no lock today");
                    }

                    @Override
                    public void release() {}
                }),
                "any");

        assertThat(slice.perSecond()).isZero();
        assertThat(slice.remark()).contains("failed, the first with", "no lock today");
    }

    private static LockClient client(Function<String, Mutex> mutexes) {
        return new LockClient() {
            @Override
            public Mutex mutex(String name) {
                return mutexes.apply(name);
            }

            @Override
            public void close() {}
        };
    }

    /** Locks, with tokens from a counter. */
    private record Counting(ReentrantLock lock, AtomicLong tokens) implements Mutex {

        @Override
        public long acquire() {
            lock.lock();
            return tokens.incrementAndGet();
        }

        @Override
        public void release() {
            lock.unlock();
        }
    }

    /** Lets everybody in. */
    private static final class Open implements Mutex {

        @Override
        public long acquire() {
            return NO_TOKEN;
        }

        @Override
        public void release() {}
    }
}

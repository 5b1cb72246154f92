package io.distributedlock.benchmarks.jmh;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.memory.InMemoryLockBackend;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A lock that passes between two threads of one JVM; the store is the JVM's memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LocalHandOffBenchmark {

    private final LockEngine engine = LockEngine.builder(new InMemoryLockBackend())
            .waitTime(Duration.ofMinutes(1))
            .build();
    private final LockRequest request = LockRequest.of("shared");

    /** Each thread waits for the other, again and again. */
    @Benchmark
    @Threads(2)
    public long twoThreads() {
        try (Lease lease = engine.acquire(request)) {
            return lease.fencingToken();
        }
    }

    /** Ends the engine. */
    @TearDown
    public void close() {
        engine.close();
    }
}

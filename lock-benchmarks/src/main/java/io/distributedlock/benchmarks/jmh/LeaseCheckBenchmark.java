package io.distributedlock.benchmarks.jmh;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.memory.InMemoryLockBackend;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Asking a lease whether it is still held. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LeaseCheckBenchmark {

    private final LockEngine engine =
            LockEngine.builder(new InMemoryLockBackend()).build();
    private final Lease lease = engine.acquire(LockRequest.of("held"));

    /** As a question. */
    @Benchmark
    public boolean isHeld() {
        return lease.isHeld();
    }

    /** As a demand. */
    @Benchmark
    public Lease ensureHeld() {
        lease.ensureHeld();
        return lease;
    }

    /** Gives the lease back. */
    @TearDown
    public void close() {
        lease.close();
        engine.close();
    }
}

package io.distributedlock.benchmarks.jmh;

import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What an annotated call costs beside the same by hand, and beside no lock at all; the store is the JVM's memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
public class ProxyBenchmark {

    private final ConfigurableApplicationContext context = new SpringApplicationBuilder(LockedApplication.class)
            .web(WebApplicationType.NONE)
            .properties("lock.backend=memory", "spring.main.banner-mode=off", "spring.main.log-startup-info=false")
            .run();
    private final LockedApplication.Counter counter = context.getBean(LockedApplication.Counter.class);
    private final LockedApplication.Counter bare = new LockedApplication.Counter();
    private final LockManager locks = context.getBean(LockManager.class);

    /** Nothing is locked. */
    @Benchmark
    public long noLock() {
        return bare.increment(42);
    }

    /** Locked by hand. */
    @Benchmark
    public long withLock() {
        return locks.<Long, RuntimeException>withLock(LockRequest.of("counter:42"), () -> bare.increment(42));
    }

    /** Locked by annotation, with one expression in the name. */
    @Benchmark
    public long annotated() {
        return counter.increment(42);
    }

    /** Stops the application. */
    @TearDown
    public void close() {
        context.close();
    }
}

package io.distributedlock.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Decides which failed test may be run again, where the build repeats failed tests ({@code rerunFailingTestsCount} of
 * Maven's Surefire): one during which the machine was disturbed, and no other. That is, this JVM stood still for 100 ms or
 * longer, or the host of a virtual machine gave a fifth of the processor time that was wanted here to others.
 *
 * <p>Tests of leases are about real time. A process that gets no processor for half a second loses a lease of that length,
 * rightly, and a test that meant to renew it fails without a fault of the lock. On a steady machine the first failure is
 * final: a repeated test fails again with it, whatever it would do now, so a race that shows now and then is not hidden.
 *
 * <p>Registered for all tests by {@code META-INF/services} and {@code junit.jupiter.extensions.autodetection.enabled}, or
 * for some by {@code @ExtendWith}. Without repetition it changes nothing, but says what disturbed the machine.
 */
public final class SecondChance implements BeforeEachCallback, TestWatcher {

    private static final Namespace NAMESPACE = Namespace.create(SecondChance.class);
    private static final Map<String, Optional<Throwable>> FINAL = new ConcurrentHashMap<>();
    private static final int MOST_STOLEN_PERCENT = 20;

    private final Supplier<Watch> watches;

    /** Looks at the machine from its making on. */
    @FunctionalInterface
    interface Watch {

        /** For people; empty = nothing. */
        Optional<String> disturbance();
    }

    /** Made by JUnit. */
    public SecondChance() {
        this(SecondChance::watch);
    }

    SecondChance(Supplier<Watch> watches) {
        this.watches = watches;
    }

    private static final class Watched {
        static final StandStills STAND_STILLS = StandStills.watched();
    }

    private static Watch watch() {
        StandStills standStills = Watched.STAND_STILLS;
        long beginNanos = System.nanoTime();
        ProcessorTime begin = ProcessorTime.now();
        return () -> {
            Duration stoodStill = standStills.since(beginNanos);
            int stolen = ProcessorTime.now().stolenPercentSince(begin);
            return stoodStill.isZero() && stolen < MOST_STOLEN_PERCENT
                    ? Optional.empty()
                    : Optional.of("stood still for %d ms, and %d %% of its processors were taken away"
                            .formatted(stoodStill.toMillis(), stolen));
        };
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<Throwable> before = FINAL.get(context.getUniqueId());
        if (before != null) {
            throw new AssertionError("It failed before, while nothing disturbed the machine", before.orElse(null));
        }
        context.getStore(NAMESPACE).put(Watch.class, watches.get());
    }

    @Override
    @SuppressWarnings("SystemOut") // beside the failure, for whoever reads the log
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        Watch watch = context.getStore(NAMESPACE).get(Watch.class, Watch.class);
        Optional<String> disturbance = watch == null ? Optional.empty() : watch.disturbance();
        disturbance.ifPresentOrElse(
                what -> System.out.printf(
                        "%s failed while the machine %s: that may be why%n", context.getDisplayName(), what),
                () -> FINAL.putIfAbsent(context.getUniqueId(), Optional.ofNullable(cause)));
    }
}

package io.distributedlock.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Decides which failed test may be run again, where the build repeats failed tests ({@code rerunFailingTestsCount} of
 * Maven's Surefire): one during which the machine stood still, and no other.
 *
 * <p>Tests of leases are about real time. A process that gets no processor for half a second loses a lease of that length,
 * rightly, and a test that meant to renew it fails without a fault of the lock. On a steady machine the first failure is
 * final: a repeated test fails again with it, whatever it would do now, so a race that shows now and then is not hidden.
 *
 * <p>Registered for all tests by {@code META-INF/services} and {@code junit.jupiter.extensions.autodetection.enabled}, or
 * for some by {@code @ExtendWith}. Without repetition it changes nothing, but says how long the machine stood still.
 */
public final class SecondChance implements BeforeEachCallback, TestWatcher {

    private static final Namespace NAMESPACE = Namespace.create(SecondChance.class);
    private static final Map<String, Optional<Throwable>> FINAL = new ConcurrentHashMap<>();

    private final LongFunction<Duration> stoodStillSince;

    /** Made by JUnit. */
    public SecondChance() {
        this(Watched.STAND_STILLS::since);
    }

    /** @param stoodStillSince for a reading of the monotonic clock, how long the machine stood still after it */
    SecondChance(LongFunction<Duration> stoodStillSince) {
        this.stoodStillSince = stoodStillSince;
    }

    private static final class Watched {
        static final StandStills STAND_STILLS = StandStills.watched();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<Throwable> before = FINAL.get(context.getUniqueId());
        if (before != null) {
            throw new AssertionError("It failed before, while the machine did not stand still", before.orElse(null));
        }
        context.getStore(NAMESPACE).put("begin", System.nanoTime());
    }

    @Override
    @SuppressWarnings("SystemOut") // beside the failure, for whoever reads the log
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        Long begin = context.getStore(NAMESPACE).get("begin", Long.class);
        Duration stoodStill = begin == null ? Duration.ZERO : stoodStillSince.apply(begin);
        if (stoodStill.isZero()) {
            FINAL.putIfAbsent(context.getUniqueId(), Optional.ofNullable(cause));
        } else {
            System.out.printf(
                    "%s failed while the machine stood still for %d ms and maybe more: that may be why%n",
                    context.getDisplayName(), stoodStill.toMillis());
        }
    }
}

package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockMode;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What hangs on a lease's own stage stays there as long as the lease is held. */
class LossWatchTests {

    /** Held until it is told that it is lost. */
    private static final class Losable implements Lease {

        final CompletableFuture<LossReason> lost = new CompletableFuture<>();
        private volatile boolean held = true;

        void lose() {
            held = false;
            lost.complete(LossReason.EXPIRED);
        }

        /** Between the two steps of a loss. */
        void loseUntold() {
            held = false;
        }

        @Override
        public void ensureHeld() {
            if (!held) {
                throw new LockLostException(name(), "lost", fencingToken(), LossReason.EXPIRED);
            }
        }

        @Override
        public CompletionStage<LossReason> lost() {
            return lost;
        }

        @Override
        public boolean isHeld() {
            return held;
        }

        @Override
        public String name() {
            return "order:1";
        }

        @Override
        public String holder() {
            return "holder";
        }

        @Override
        public long fencingToken() {
            return 1;
        }

        @Override
        public LockMode mode() {
            return LockMode.EXCLUSIVE;
        }

        @Override
        public Duration remaining() {
            return Duration.ZERO;
        }

        @Override
        public ReleaseOutcome release() {
            return ReleaseOutcome.RELEASED;
        }

        @Override
        public void close() {}
    }

    private final Losable lease = new Losable();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void hearsOfALoss() {
        Losable another = new Losable();
        try (LossWatch watch = LossWatch.of(List.of(another, lease), told::incrementAndGet)) {
            assertThat(told).hasValue(0);
            lease.lose();
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void hearsOfALossThatCameBeforeIt() {
        lease.loseUntold();
        try (LossWatch watch = LossWatch.of(List.of(lease), told::incrementAndGet)) {
            assertThat(told).hasValue(1);
        }
        try (LossWatch first = LossWatch.of(List.of(lease), () -> {})) {
            lease.lose();
            try (LossWatch second = LossWatch.of(List.of(lease), told::incrementAndGet)) {
                assertThat(told).hasValue(2);
            }
        }
    }

    @Test
    void hearsNothingWhenItIsClosed() {
        LossWatch.of(List.of(lease), told::incrementAndGet).close();
        AtomicInteger toldAnother = new AtomicInteger();
        try (LossWatch another = LossWatch.of(List.of(lease), toldAnother::incrementAndGet)) {
            lease.lose();
            assertThat(told).hasValue(0);
            assertThat(toldAnother).hasValue(1);
        }
    }

    @Test
    void putsOneListenerOnALeaseHoweverManyCallsReEnterIt() {
        try (LossWatch outer = LossWatch.of(List.of(lease), told::incrementAndGet)) {
            for (int call = 0; call < 1_000; call++) {
                LossWatch.of(List.of(lease), told::incrementAndGet).close();
            }
            assertThat(lease.lost.getNumberOfDependents()).isEqualTo(1);
            lease.lose();
            assertThat(told).hasValue(1);
        }
    }
}

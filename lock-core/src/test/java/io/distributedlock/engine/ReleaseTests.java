package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.ReleaseMode;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.SwitchableBackend.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a release")
class ReleaseTests extends EngineFixture {

    @Test
    void isRepeatedUntilTheStoreAnswers() {
        CompletableFuture<Lease> taken = engine.acquireAsync(order);
        backend.line = Line.DOWN;
        taken.join().close();
        time.pass(ofMillis(500));
        assertThat(other.tryAcquire(order)).isEmpty();
        backend.line = Line.UP;
        time.pass(ofSeconds(2));
        other.acquire(order).close();
    }

    @Test
    void keepsTheNameTakenForTheMinimumHoldTime() {
        Lease lease = engine.acquire(order.minHoldTime(ofSeconds(30)));
        time.pass(ofSeconds(1));
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.DEFERRED);
        assertThat(lease.isHeld()).isFalse();
        time.pass(ofMillis(28_999));
        assertThat(other.tryAcquire(order)).isEmpty();
        time.pass(ofMillis(1));
        other.acquire(order).close();
    }

    @Test
    void sitsTheMinimumHoldTimeOutHereWhenTheStoreCannotKeepAName() {
        backend.keeps = false;
        Lease lease = engine.acquire(order.minHoldTime(ofSeconds(30)));
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.DEFERRED);
        time.pass(ofMillis(29_999));
        assertThat(other.tryAcquire(order)).isEmpty();
        assertThat(engine.tryAcquire(order)).isEmpty();
        time.pass(ofMillis(2));
        other.acquire(order).close();
    }

    @Test
    void thatIsSatOutHereIsNoLossWhenTheStoreEndsItEarlier() {
        backend.keeps = false;
        Lease lease = engine.acquire(order.minHoldTime(ofSeconds(30)));
        lease.release();
        store.forceRelease("order:42").join();
        time.pass(ofSeconds(10));
        assertThat(lease.lost().toCompletableFuture()).isNotDone();
    }

    @Test
    void thatIsSatOutHereEndsWithAShutdown() {
        backend.keeps = false;
        Lease lease = engine.acquire(order.minHoldTime(ofMinutes(30)));
        lease.release();
        engine.close();
        other.acquire(order).close();
    }

    @Test
    void goesToTheNextCallerOfThisInstance() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> second = engine.acquireAsync(order);
        CompletableFuture<Lease> third = engine.acquireAsync(order);
        first.close();
        assertThat(second).isCompleted();
        assertThat(third).isNotCompleted();
        assertThat(second.join().fencingToken()).isGreaterThan(first.fencingToken());
        second.join().close();
        assertThat(third).isCompleted();
        third.join().close();
    }

    @Test
    void isSentAndNotWaitedForWhenPipelined() {
        List<ReleaseOutcome> heard = new ArrayList<>();
        try (LockEngine pipelining = pipelining(heard)) {
            Lease lease = pipelining.acquire(order);
            backend.line = Line.DEAF;
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.DEFERRED);
            assertThat(lease.isHeld()).isFalse();
            assertThat(backend.releases).hasSize(1);
            time.pass(ofMillis(14_999));
            assertThat(heard).isEmpty();
            time.pass(ofMillis(1));
            assertThat(heard).containsExactly(ReleaseOutcome.UNKNOWN);
            backend.line = Line.UP;
        }
    }

    @Test
    void tellsWhatBecameOfItLaterWhenPipelined() {
        List<ReleaseOutcome> heard = new ArrayList<>();
        try (LockEngine pipelining = pipelining(heard)) {
            Lease lease = pipelining.acquire(order);
            backend.line = Line.DOWN;
            assertThat(lease.release()).isEqualTo(ReleaseOutcome.DEFERRED);
            backend.line = Line.UP;
            time.pass(ofSeconds(1));
            assertThat(heard).containsExactly(ReleaseOutcome.RELEASED);
            other.acquire(order).close();
        }
    }

    @Test
    void leavesOpenWhatEndedTheLeaseWhenOnlyTheRepetitionIsAnswered() {
        List<ReleaseOutcome> heard = new ArrayList<>();
        try (LockEngine pipelining = pipelining(heard)) {
            Lease lease = pipelining.acquire(order);
            backend.line = Line.ANSWERS_LOST;
            lease.release();
            backend.line = Line.UP;
            time.pass(ofSeconds(1));
            assertThat(backend.releases).hasSize(2);
            assertThat(heard).containsExactly(ReleaseOutcome.UNKNOWN);
        }
    }

    private LockEngine pipelining(List<ReleaseOutcome> heard) {
        return LockEngine.builder(backend)
                .release(ReleaseMode.PIPELINED)
                .listener(new LockListener() {
                    @Override
                    public void released(LeaseInfo lease, Duration held, ReleaseOutcome outcome) {
                        heard.add(outcome);
                    }
                })
                .build(time.threads(), time.clock());
    }
}

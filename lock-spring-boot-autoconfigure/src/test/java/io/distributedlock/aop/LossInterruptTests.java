package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.LossReason;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnLoss;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

/** {@code onLoss = INTERRUPT}: a loss reaches the method that runs, and nothing that runs after it. */
class LossInterruptTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static class Work {

        @Autowired
        LockManager locks;

        @DistributedLock(name = "work", maxHoldTime = "100ms", onLoss = OnLoss.INTERRUPT)
        public void wait_() throws InterruptedException {
            new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("was not interrupted");
        }

        @DistributedLock(name = "work", maxHoldTime = "100ms", onLoss = OnLoss.INTERRUPT)
        public void waitDeafly() {
            try {
                wait_();
            } catch (InterruptedException swallowed) {
                return;
            }
        }

        @DistributedLock(name = "work", maxHoldTime = "100ms", onLoss = OnLoss.INTERRUPT)
        public void computeUntilInterrupted() {
            await().atMost(PATIENCE).pollInSameThread().pollDelay(Duration.ZERO).until(() -> isFlagged());
        }

        private static boolean isFlagged() {
            boolean flagged = Thread.interrupted();
            if (flagged) {
                Thread.currentThread().interrupt();
            }
            return flagged;
        }

        @DistributedLock(name = "work", maxHoldTime = "100ms", onLoss = OnLoss.INTERRUPT)
        public void waitAndFail() {
            try {
                wait_();
            } catch (InterruptedException e) {
                throw new IllegalStateException("business", e);
            }
        }

        @DistributedLock(name = "work", onLoss = OnLoss.INTERRUPT)
        public void beInterruptedByOthers() throws InterruptedException {
            Thread.currentThread().interrupt();
            wait_();
        }

        @DistributedLock(name = "work", onLoss = OnLoss.INTERRUPT)
        public void doNothing() {}
    }

    private static void run(BiConsumer<AssertableApplicationContext, Work> test) {
        Locking.application(Work.class).run(context -> test.accept(context, context.getBean(Work.class)));
    }

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aMethodThatWaitsIsInterruptedAtOnce() {
        run((context, work) -> assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(work::wait_)
                .withMessageContaining("was interrupted for that")
                .satisfies(lost -> {
                    assertThat(lost.reason()).isEqualTo(LossReason.MAX_HOLD_TIME);
                    assertThat(lost.getSuppressed()).singleElement().isInstanceOf(InterruptedException.class);
                }));
    }

    @Test
    void oneThatSwallowsTheInterruptThrowsWhenItEnds() {
        run((context, work) ->
                assertThatExceptionOfType(LockLostException.class).isThrownBy(work::waitDeafly));
    }

    @Test
    void oneThatLeavesTheFlagSetThrowsWhenItEndsAndTheFlagIsCleared() {
        run((context, work) ->
                assertThatExceptionOfType(LockLostException.class).isThrownBy(work::computeUntilInterrupted));
    }

    @Test
    void anExceptionOfItsOwnWins() {
        run((context, work) -> assertThatIllegalStateException()
                .isThrownBy(work::waitAndFail)
                .withMessage("business")
                .satisfies(thrown ->
                        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(LockLostException.class)));
    }

    @Test
    void anInterruptOfOthersStaysWhatItIs() {
        run((context, work) ->
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(work::beInterruptedByOthers));
    }

    @Test
    void whatRunsAfterTheMethodIsNotInterrupted() {
        run((context, work) -> {
            try (Lease outer = context.getBean(LockManager.class)
                    .acquire(LockRequest.of("work").maxHoldTime(Duration.ofMillis(300)))) {
                work.doNothing();
                CountDownLatch heard = new CountDownLatch(1);
                outer.lost().thenRun(heard::countDown);
                await().atMost(PATIENCE).until(() -> heard.getCount() == 0);
            }
        });
    }
}

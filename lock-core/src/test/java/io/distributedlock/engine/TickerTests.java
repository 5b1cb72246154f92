package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTests {

    private static final long SOON = Duration.ofMillis(1).toNanos();

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Ticker ticker = new Ticker(task -> {
        Thread thread = new Thread(task, "test-ticker");
        threads.add(thread);
        return thread;
    });
    private final AtomicInteger ticks = new AtomicInteger();

    @AfterEach
    void stop() {
        ticker.stop();
    }

    @Test
    void aTickMayAskForTheNext() {
        ticker.in(SOON, this::tickThreeTimes);

        await().until(() -> ticks.get() == 3);
        assertThat(threads).hasSize(1);
    }

    private void tickThreeTimes() {
        if (ticks.incrementAndGet() < 3) {
            ticker.in(SOON, this::tickThreeTimes);
        }
    }

    @Test
    void whoeverAsksLaterIsHeardAsWell() {
        ticker.in(SOON, ticks::incrementAndGet);
        await().until(() -> ticks.get() == 1);
        await().until(() -> threads.get(0).getState() == Thread.State.WAITING);

        ticker.in(SOON, ticks::incrementAndGet);

        await().until(() -> ticks.get() == 2);
        assertThat(threads).hasSize(1);
    }

    @Test
    void ticksNotBeforeItsTime() {
        long start = System.nanoTime();

        ticker.in(Duration.ofMillis(50).toNanos(), ticks::incrementAndGet);

        await().until(() -> ticks.get() == 1);
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
    }

    @Test
    void aTickThatFailsIsNotTheLast() {
        ticker.in(SOON, () -> {
            ticker.in(SOON, ticks::incrementAndGet);
            throw new IllegalStateException("on purpose");
        });

        await().until(() -> ticks.get() == 1);
    }

    @Test
    void whenItIsStoppedItsThreadEndsAndNothingIsTakenAnyMore() {
        ticker.in(Duration.ofMinutes(1).toNanos(), ticks::incrementAndGet);
        ticker.stop();

        await().until(() -> !threads.get(0).isAlive());
        assertThatThrownBy(() -> ticker.in(SOON, ticks::incrementAndGet))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(ticks).hasValue(0);
    }
}

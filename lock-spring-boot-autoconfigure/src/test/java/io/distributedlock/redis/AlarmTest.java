package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor timer = (ScheduledThreadPoolExecutor) Daemon.timer("test-timer");
    private final AtomicInteger rung = new AtomicInteger();
    private final Alarm alarm = new Alarm(timer, rung::incrementAndGet);

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    @Test
    void isOneTaskForAllWhoAsk() {
        for (int i = 0; i < 1_000; i++) {
            alarm.by(in(Duration.ofSeconds(60).plusMillis(i)));
        }
        assertThat(timer.getQueue()).hasSize(1);

        alarm.by(in(Duration.ofSeconds(30)));

        assertThat(timer.getQueue()).hasSize(1);
        assertThat(timer.getQueue().element())
                .isInstanceOfSatisfying(
                        Delayed.class,
                        task -> assertThat(task.getDelay(TimeUnit.SECONDS)).isLessThan(31));
        assertThat(rung).hasValue(0);
    }

    @Test
    void ringsOnceForAllWhoseTimeHasComeAndNotBefore() {
        long due = in(Duration.ofMillis(200));
        AtomicReference<Long> at = new AtomicReference<>();
        Alarm timed = new Alarm(timer, () -> at.set(System.nanoTime()));
        timed.by(in(Duration.ofSeconds(60)));
        timed.by(due);
        timed.by(due + 1);

        await().atMost(PATIENCE).until(() -> at.get() != null);

        assertThat(at.get() - due).isNotNegative();
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void canBeAskedAgainByItsCheck() throws InterruptedException {
        CountDownLatch rings = new CountDownLatch(3);
        AtomicReference<Alarm> self = new AtomicReference<>();
        self.set(new Alarm(timer, () -> {
            rings.countDown();
            self.get().by(in(Duration.ofMillis(10)));
        }));

        self.get().by(in(Duration.ofMillis(10)));

        assertThat(rings.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}

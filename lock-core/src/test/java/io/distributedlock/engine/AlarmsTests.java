package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmsTests {

    private final VirtualTime time = new VirtualTime();
    private final Alarms alarms = new Alarms(time, time.clock());
    private final List<String> rung = new ArrayList<>();

    @Test
    void ringAtTheirTimesUnlessTakenBack() {
        set(30, "third");
        Alarms.Alarm second = set(20, "second");
        set(10, "first");
        second.cancel();

        time.pass(Duration.ofMillis(9));
        assertThat(rung).isEmpty();
        time.pass(Duration.ofMillis(1));
        assertThat(rung).containsExactly("first");
        time.pass(Duration.ofMillis(30));
        assertThat(rung).containsExactly("first", "third");
        assertThat(alarms.size()).isZero();
    }

    @Test
    void thatWereTakenBackDoNotAddUp() {
        Alarms.Alarm kept = set(10_000, "kept");
        for (int i = 0; i < 100_000; i++) {
            Alarms.Alarm alarm = set(10_000, "taken back");
            alarm.cancel();
            alarm.cancel();
            assertThat(alarms.size()).isLessThan(2_000);
        }

        time.pass(Duration.ofSeconds(10));
        kept.cancel();

        assertThat(rung).containsExactly("kept");
        assertThat(alarms.size()).isZero();
    }

    @Test
    void thatWereTakenBackWakeNobody() {
        for (int i = 0; i < 500; i++) {
            set(i + 10, "taken back").cancel();
        }

        time.pass(Duration.ofMillis(10));

        assertThat(alarms.size()).isZero();
    }

    private Alarms.Alarm set(long millis, String name) {
        return alarms.set(Duration.ofMillis(millis).toNanos(), () -> rung.add(name));
    }
}

package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTests {

    /** The clock overflows between the times used here. */
    private static final long START = Long.MAX_VALUE - Duration.ofNanos(500).toNanos();

    private static final class Entry extends Scheduled {
        private long time;
    }

    private final Schedule<Entry> schedule = new Schedule<>();

    private Entry put(long time) {
        Entry entry = new Entry();
        schedule.put(entry, time);
        return entry;
    }

    @Test
    void hasTheEarliestFirst() {
        put(START + 900);
        Entry first = put(START + 100);
        put(START + 600);
        assertThat(schedule.first()).isSameAs(first);
        assertThat(schedule.firstTime()).isEqualTo(START + 100);
    }

    @Test
    void movesAnEntryInBothDirections() {
        Entry one = put(START);
        Entry other = put(START + 1);
        schedule.put(one, START + 2);
        assertThat(schedule.first()).isSameAs(other);
        schedule.put(one, START - 1);
        assertThat(schedule.first()).isSameAs(one);
        assertThat(schedule.size()).isEqualTo(2);
    }

    @Test
    void movesAnEntryOnlyToAnEarlierTimeWhenAskedSo() {
        Entry entry = put(START + 10);
        schedule.putEarlier(entry, START + 20);
        assertThat(schedule.firstTime()).isEqualTo(START + 10);
        schedule.putEarlier(entry, START);
        assertThat(schedule.firstTime()).isEqualTo(START);
    }

    @Test
    void givesAPlaceToAnHeir() {
        Entry ended = put(START);
        put(START + 1);
        Entry heir = new Entry();
        schedule.replace(ended, heir);
        assertThat(schedule.first()).isSameAs(heir);
        assertThat(schedule.firstTime()).isEqualTo(START);
        assertThat(schedule.contains(ended)).isFalse();
        assertThat(schedule.size()).isEqualTo(2);
    }

    @Test
    void hasNoPlaceForAnHeirOfOneThatIsGone() {
        Entry heir = new Entry();
        schedule.replace(new Entry(), heir);
        assertThat(schedule.contains(heir)).isFalse();
    }

    @Test
    void forgetsAnEntryOnceAndForAll() {
        Entry entry = put(START);
        schedule.remove(entry);
        schedule.remove(entry);
        assertThat(schedule.isEmpty()).isTrue();
        assertThat(schedule.toList()).isEmpty();
    }

    @Test
    void keepsItsOrderWhateverIsPutMovedAndTakenOut() {
        Random random = new Random(7);
        List<Entry> expected = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            boolean grows = round / 2_500 % 2 == 0;
            int action = random.nextInt(10);
            if (expected.isEmpty() || action < (grows ? 6 : 2)) {
                expected.add(new Entry());
                putAtRandom(expected.get(expected.size() - 1), random);
            } else if (action < 8) {
                schedule.remove(expected.remove(random.nextInt(expected.size())));
            } else {
                putAtRandom(expected.get(random.nextInt(expected.size())), random);
            }
            assertThat(schedule.size()).isEqualTo(expected.size());
            if (round % 100 == 0) {
                assertThat(schedule.toList()).containsExactlyInAnyOrderElementsOf(expected);
            }
            if (!expected.isEmpty()) {
                assertThat(schedule.firstTime() - START)
                        .isEqualTo(expected.stream()
                                .mapToLong(entry -> entry.time - START)
                                .min()
                                .orElseThrow());
                assertThat(schedule.first().time).isEqualTo(schedule.firstTime());
            }
        }
        expected.sort(Comparator.comparingLong(entry -> entry.time - START));
        for (Entry entry : expected) {
            assertThat(schedule.firstTime()).isEqualTo(entry.time);
            schedule.remove(schedule.first());
        }
    }

    private void putAtRandom(Entry entry, Random random) {
        entry.time = START + random.nextInt(1_000);
        schedule.put(entry, entry.time);
    }
}

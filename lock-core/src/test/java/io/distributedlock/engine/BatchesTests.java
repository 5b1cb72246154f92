package io.distributedlock.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchesTests {

    /** The clock overflows between the times used here. */
    private static final long START = Long.MAX_VALUE - Duration.ofNanos(500).toNanos();

    private static final int MOST = 3;

    private static final class Entry extends Watched<Entry> {
        private long time;
        private long soonest;
    }

    private final Batches<Entry> batches = new Batches<>(MOST);

    private Entry put(long time, long slack) {
        Entry entry = new Entry();
        put(entry, time, slack);
        return entry;
    }

    private void put(Entry entry, long time, long slack) {
        boolean isThere = batches.contains(entry);
        entry.time = isThere ? Math.min(entry.time, time) : time;
        entry.soonest = isThere ? Math.min(entry.soonest, time - slack) : time - slack;
        batches.putEarlier(entry, START + time, slack);
    }

    private List<Entry> takeDue(long now, int atOnce) {
        return batches.takeDue(START + now, atOnce);
    }

    @Test
    void takesNothingBeforeItsTimeButWithWhatIsDue() {
        Entry due = put(100, 50);
        Entry soon = put(140, 50);
        Entry later = put(160, 50);
        assertThat(batches.firstTime()).isEqualTo(START + 100);
        assertThat(takeDue(100, 10)).containsExactly(due, soon);
        assertThat(takeDue(109, 10)).isEmpty();
        assertThat(takeDue(110, 10)).containsExactly(later);
    }

    @Test
    void takesNoMoreThanAFewBeforeTheirTime() {
        for (int i = 0; i < 4 * MOST; i++) {
            put(100 + i, 50);
        }
        assertThat(takeDue(100, MOST)).hasSize(MOST);
        assertThat(takeDue(103, MOST + 1)).hasSize(2 * MOST);
    }

    @Test
    void takesAllThatIsOverdue() {
        for (int i = 0; i < 4 * MOST; i++) {
            put(i, 0);
        }
        assertThat(takeDue(100, MOST)).hasSize(4 * MOST);
    }

    @Test
    void attendsToAnEntryWithoutSlackAtItsTimeOnly() {
        put(90, 50);
        Entry exact = put(100, 0);
        assertThat(takeDue(99, 10)).hasSize(1).doesNotContain(exact);
        assertThat(batches.firstTime()).isEqualTo(START + 100);
        assertThat(takeDue(100, 10)).containsExactly(exact);
    }

    @Test
    void movesAnEntryOnlyToAnEarlierTime() {
        Entry entry = put(100, 10);
        put(105, 10);
        batches.putEarlier(entry, START + 200, 10);
        assertThat(batches.firstTime()).isEqualTo(START + 100);
        batches.putEarlier(entry, START + 50, 10);
        assertThat(takeDue(50, 10)).containsExactly(entry);
        assertThat(batches.size()).isEqualTo(2);
    }

    @Test
    void knowsWhatWasTakenUntilItIsPutAgainOrRemoved() {
        Entry one = put(100, 0);
        Entry other = put(100, 0);
        takeDue(100, 10);
        assertThat(batches.toList()).containsExactly(one, other);
        put(one, 300, 0);
        batches.remove(other);
        assertThat(batches.toList()).containsExactly(one);
        assertThat(batches.firstTime()).isEqualTo(START + 300);
    }

    @Test
    void keepsABatchTogetherFromOneTimeToTheNext() {
        Entry one = put(100, 10);
        Entry other = put(100, 10);
        Batch<Entry> batch = one.batch;
        takeDue(100, 10);
        put(other, 200, 10);
        put(one, 200, 10);
        assertThat(one.batch).isSameAs(batch);
        assertThat(other.batch).isSameAs(batch);
        assertThat(takeDue(189, 10)).isEmpty();
        assertThat(takeDue(200, 10)).containsExactly(one, other);
    }

    @Test
    void partsABatchWhoseEntriesNoLongerGoTogether() {
        Entry one = put(100, 10);
        Entry other = put(100, 10);
        takeDue(100, 10);
        put(one, 200, 10);
        put(other, 150, 10);
        assertThat(takeDue(150, 10)).containsExactly(other);
        assertThat(takeDue(200, 10)).containsExactly(one);
    }

    @Test
    void joinsWhatIsLeftOfBatchesThatHaveShrunk() {
        Batches<Entry> large = new Batches<>(100);
        List<Entry> left = List.of(new Entry(), new Entry());
        large.putEarlier(left.get(0), 100, 10);
        large.putEarlier(left.get(1), 150, 10);
        large.takeDue(150, 10);
        left.forEach(entry -> large.putEarlier(entry, 300, 10));
        assertThat(left.get(0).batch).isSameAs(left.get(1).batch);
    }

    @Test
    void givesAPlaceToAnHeir() {
        Entry ended = put(100, 0);
        Entry heir = new Entry();
        batches.replace(ended, heir);
        assertThat(batches.contains(ended)).isFalse();
        assertThat(batches.size()).isEqualTo(1);
        assertThat(takeDue(100, 10)).containsExactly(heir);
    }

    @Test
    void hasNoPlaceForAnHeirOfOneThatIsGone() {
        Entry heir = new Entry();
        batches.replace(new Entry(), heir);
        assertThat(batches.contains(heir)).isFalse();
    }

    @Test
    void forgetsAnEntryOnceAndForAll() {
        Entry entry = put(100, 0);
        batches.remove(entry);
        batches.remove(entry);
        assertThat(batches.isEmpty()).isTrue();
        assertThat(batches.toList()).isEmpty();
        assertThat(takeDue(100, 10)).isEmpty();
    }

    @Test
    void attendsToEachInTimeAndToNoneTooEarlyWhateverIsPutMovedAndTakenOut() {
        Random random = new Random(7);
        Set<Entry> known = new HashSet<>();
        List<Entry> order = new ArrayList<>();
        for (int now = 0; now < 5_000; now++) {
            for (int i = 0; i < 4; i++) {
                Entry entry = random.nextBoolean() || order.isEmpty()
                        ? new Entry()
                        : order.remove(random.nextInt(order.size()));
                if (random.nextInt(4) == 0) {
                    batches.remove(entry);
                    known.remove(entry);
                } else {
                    put(entry, now + random.nextInt(100), random.nextInt(20));
                    known.add(entry);
                    order.add(entry);
                }
            }
            for (Entry due : takeDue(now, MOST)) {
                assertThat(due.soonest).isLessThanOrEqualTo(now);
                batches.remove(due);
                assertThat(known.remove(due)).isTrue();
                order.remove(due);
            }
            assertThat(batches.size()).isEqualTo(known.size());
            assertThat(batches.toList()).containsExactlyInAnyOrderElementsOf(known);
            for (Entry left : known) {
                assertThat(left.time).isGreaterThan(now);
            }
        }
    }
}

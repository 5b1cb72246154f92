package io.distributedlock.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done when, the earliest first: a heap whose entries can be moved and taken out. Its times stand side by
 * side, and a node has many branches, because among very many entries it is not comparing that takes long but fetching.
 * Not thread-safe.
 *
 * <p>Times are readings of the monotonic clock, which may overflow: they are subtracted, never compared.
 */
final class Schedule<T extends Scheduled> {

    /** As many times as are fetched together. */
    private static final int BRANCHES = 8;

    private static final int LEAST_ROOM = 16;

    private long[] times = new long[LEAST_ROOM];
    private @Nullable Scheduled[] entries = new Scheduled[LEAST_ROOM];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean contains(T entry) {
        return entry.place != Scheduled.NOWHERE;
    }

    T first() {
        return at(0);
    }

    T removeFirst() {
        T first = first();
        remove(first);
        return first;
    }

    long firstTime() {
        return times[0];
    }

    /** From now on at this time, or at this time instead of another. */
    void put(T entry, long time) {
        if (!contains(entry)) {
            resize(size + 1);
            entry.place = size++;
        }
        settle(entry.place, entry, time);
    }

    /** At this time unless it stands at an earlier one. */
    void putEarlier(T entry, long time) {
        if (!contains(entry) || time - times[entry.place] < 0) {
            put(entry, time);
        }
    }

    /** The heir takes over the place of an entry, if it has one. */
    void replace(T entry, T heir) {
        if (contains(entry)) {
            set(entry.place, heir, times[entry.place]);
            entry.place = Scheduled.NOWHERE;
        }
    }

    void remove(T entry) {
        if (!contains(entry)) {
            return;
        }
        int gap = entry.place;
        entry.place = Scheduled.NOWHERE;
        size--;
        Scheduled last = entry(size);
        entries[size] = null;
        if (gap < size) {
            settle(gap, last, times[size]);
        }
        resize(size);
    }

    List<T> toList() {
        List<T> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(at(i));
        }
        return all;
    }

    /** Puts an entry into the gap, or where the gap has to go so that the order is kept. */
    private void settle(int start, Scheduled entry, long time) {
        int gap = start;
        while (gap > 0 && time - times[parent(gap)] < 0) {
            move(parent(gap), gap);
            gap = parent(gap);
        }
        int child = earliestChild(gap);
        while (child < size && times[child] - time < 0) {
            move(child, gap);
            gap = child;
            child = earliestChild(gap);
        }
        set(gap, entry, time);
    }

    private Scheduled entry(int place) {
        return Objects.requireNonNull(entries[place]);
    }

    private static int parent(int place) {
        return (place - 1) / BRANCHES;
    }

    /** Beyond the last entry when there is none. */
    private int earliestChild(int parent) {
        int first = parent * BRANCHES + 1;
        int earliest = first;
        for (int child = first + 1; child < Math.min(first + BRANCHES, size); child++) {
            if (times[child] - times[earliest] < 0) {
                earliest = child;
            }
        }
        return earliest;
    }

    private void move(int from, int to) {
        set(to, entry(from), times[from]);
    }

    private void set(int place, Scheduled entry, long time) {
        times[place] = time;
        entries[place] = entry;
        entry.place = place;
    }

    /** Room for as many, and not for many more. */
    private void resize(int wanted) {
        int room = times.length;
        if (wanted > room || (wanted < room / 4 && room > LEAST_ROOM)) {
            int roomNow = Math.max(LEAST_ROOM, wanted + wanted / 2);
            times = Arrays.copyOf(times, roomNow);
            entries = Arrays.copyOf(entries, roomNow);
        }
    }

    @SuppressWarnings("unchecked") // nothing else was put in
    private T at(int place) {
        return (T) entry(place);
    }
}

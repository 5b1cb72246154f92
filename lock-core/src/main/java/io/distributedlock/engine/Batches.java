package io.distributedlock.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be attended to when, in batches: what may be attended to somewhat earlier joins others, so that among very
 * many entries few have to be put in order. A batch stays together from one time to the next, because to a collector any
 * new reference to or from what is old is work. Not thread-safe.
 *
 * <p>Times are readings of the monotonic clock, which may overflow: they are subtracted, never compared.
 */
final class Batches<T extends Watched<T>> {

    /** Later than all else: the place of what is being attended to. */
    static final long NEVER_NANOS = Long.MAX_VALUE / 2;

    private final int most;
    private final Schedule<Batch<T>> schedule = new Schedule<>();

    /** The latest one, which others may join. */
    private @Nullable Batch<T> open;

    private int size;

    /** @param most how many entries a batch has at most */
    Batches(int most) {
        this.most = most;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean contains(T entry) {
        return entry.batch != null;
    }

    /** When the first batch has to be attended to. */
    long firstTime() {
        return schedule.firstTime();
    }

    /**
     * To be attended to at this time, or earlier by at most the slack; an entry that has an earlier time stays there.
     *
     * @param slack zero = neither earlier nor later
     */
    void putEarlier(T entry, long time, long slack) {
        Batch<T> present = entry.batch;
        if (present != null) {
            if (present.isTaken() && slack > 0 && 2 * present.members().size() >= most) {
                present.start(time, time - slack);
                schedule.put(present, time);
            }
            if (time - present.time() >= 0) {
                return;
            }
            remove(entry);
        }
        batchFor(time, slack).add(entry, time - slack);
        size++;
    }

    private Batch<T> batchFor(long time, long slack) {
        Batch<T> joined = open;
        if (joined == null || !joined.takes(time, slack, most)) {
            joined = new Batch<>();
            joined.start(time, time - slack);
            schedule.put(joined, time);
            open = joined;
        }
        return joined;
    }

    /** The heir takes over the place of an entry, if it has one. */
    void replace(T entry, T heir) {
        if (entry.batch != null) {
            entry.batch.replace(entry, heir);
        }
    }

    void remove(T entry) {
        Batch<T> left = entry.batch;
        if (left == null) {
            return;
        }
        left.remove(entry);
        size--;
        if (left.members().isEmpty()) {
            schedule.remove(left);
            open = left == open ? null : open;
        }
    }

    /**
     * What has to be attended to now, the earliest first, and along with it what may be, up to about this many. All of it
     * stays known here, to be put where it belongs from now on.
     */
    List<T> takeDue(long now, int atOnce) {
        List<T> due = new ArrayList<>();
        while (!isEmpty()) {
            Batch<T> first = schedule.first();
            if (first.time() - now > 0 && (due.size() >= atOnce || first.soonest() - now > 0)) {
                break;
            }
            first.take(now + NEVER_NANOS);
            schedule.put(first, first.time());
            due.addAll(first.members());
        }
        return due;
    }

    List<T> toList() {
        List<T> all = new ArrayList<>(size);
        schedule.toList().forEach(batch -> all.addAll(batch.members()));
        return all;
    }
}

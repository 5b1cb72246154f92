package io.distributedlock.engine;

import java.util.ArrayList;
import java.util.List;

/** What is attended to together. Not thread-safe. */
final class Batch<T extends Watched<T>> extends Scheduled {

    private final List<T> members = new ArrayList<>(1);

    /** When it has to be attended to: not later than any member. */
    private long time;

    /** From when it may be: not earlier than any member. */
    private long soonest;

    private boolean taken;

    /** All that are in it are attended to then. */
    void start(long when, long atTheSoonest) {
        time = when;
        soonest = atTheSoonest;
        taken = false;
    }

    /** It is being attended to, and has no time of its own. */
    void take(long until) {
        time = until;
        soonest = until;
        taken = true;
    }

    boolean isTaken() {
        return taken;
    }

    /** Whether an entry that has to be attended to at this time can be so along with these. */
    boolean takes(long entryTime, long slack, int most) {
        return entryTime - time >= 0 && entryTime - slack - time <= 0 && members.size() < most;
    }

    void add(T entry, long atTheSoonest) {
        if (atTheSoonest - soonest > 0) {
            soonest = atTheSoonest;
        }
        entry.batch = this;
        entry.seat = members.size();
        members.add(entry);
    }

    void remove(T entry) {
        int gap = entry.seat;
        entry.batch = null;
        T last = members.remove(members.size() - 1);
        if (last != entry) {
            members.set(gap, last);
            last.seat = gap;
        }
    }

    /** The heir takes over the seat of an entry. */
    void replace(T entry, T heir) {
        members.set(entry.seat, heir);
        heir.batch = this;
        heir.seat = entry.seat;
        entry.batch = null;
    }

    long time() {
        return time;
    }

    long soonest() {
        return soonest;
    }

    List<T> members() {
        return members;
    }
}

package io.distributedlock.engine;

/** Has a place in a {@link Schedule} and carries it itself: so it is found there without a search, and costs no object. */
abstract class Scheduled {

    static final int NOWHERE = -1;

    /** Belongs to the schedule, and is guarded like it. */
    int place = NOWHERE;
}

package io.distributedlock.engine;

/** What the store may use the thread for that gives a lock back. */
enum Offer {
    NOTHING,

    /** It does not wait for the answer. */
    SENDING,

    /** It waits for the answer in any case. */
    SENDING_AND_READING
}

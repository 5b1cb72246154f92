package io.distributedlock.redis;

import java.util.function.Consumer;

/** A connection on which messages of one channel arrive. */
interface Subscription extends AutoCloseable {

    /** Makes subscriptions. */
    @FunctionalInterface
    interface Source {

        /**
         * Connects and subscribes; blocks until messages arrive.
         *
         * @param messages told of each message, one after the other
         * @param lost told when one is over, whoever ended it; maybe before this call has returned it
         */
        Subscription open(String channel, Consumer<String> messages, Consumer<Subscription> lost) throws Exception;
    }

    boolean isOpen();

    /** Ends it without a word. Harmless when repeated. */
    void giveUp();

    /** Tells the server before it goes, so that no message sent from now on is taken for heard. Blocks for a short time. */
    @Override
    void close();
}

package io.distributedlock.testkit.contract;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * What the contract needs to know of a store: two clients of it, and a hand inside it. Made anew for each test and closed
 * after it; what is expensive (the server) belongs to the test class.
 *
 * <p>Hooks that a store cannot offer stay as they are: the clauses that need them are shown as skipped.
 */
public interface BackendFixture extends AutoCloseable {

    /**
     * A client of the store.
     *
     * @return the same on each call
     */
    LockBackend one();

    /**
     * Another client of the same store and namespace, with connections of its own, as in another process.
     *
     * @return the same on each call
     */
    LockBackend two();

    /**
     * Makes the store forget the grant of a lock at once, as if its holder had died long ago: delete the key, end the
     * holder's session. Returns when the store has forgotten it. The holder's client may lose all it has in the store by
     * it, and must be usable again; clauses hold by {@link #one()} what they expire.
     *
     * @param name the lock
     * @throws Exception if that fails
     */
    void expire(String name) throws Exception;

    /**
     * Keeps {@link #one()} from the store, as if its process stood still, until what is answered is closed: by then it
     * has to be usable again. Nothing to do where leases end by themselves when they are not renewed.
     *
     * @return ends the silence; closed only when the store has forgotten what {@link #one()} held
     * @throws Exception if that fails
     */
    default AutoCloseable silence() throws Exception {
        return () -> {};
    }

    /**
     * Who has a lock, best read from the store by other means than the backend.
     *
     * @param name the lock
     * @return the holder of the grant; empty when the name is free, or kept without an owner
     * @throws Exception if the store cannot be read
     */
    default Optional<String> holderOf(String name) throws Exception {
        return two().inspect(name).get().holders().stream()
                .map(LockInfo.Holder::holder)
                .findFirst();
    }

    /**
     * What the namespace of the test has in the store: keys, nodes, rows. Without what may stay: a token key that expires
     * by itself, the root node, an empty container that the store reaps.
     *
     * @return readable names, empty when all is tidy
     * @throws Exception if the store cannot be read
     */
    Collection<String> leftovers() throws Exception;

    /**
     * Whether {@link #loseData()} works.
     *
     * @return {@code false} for a store that never loses what it confirmed
     */
    default boolean canLoseData() {
        return false;
    }

    /**
     * Makes the store lose everything, as after a restart without persistence.
     *
     * @throws Exception if that fails
     */
    default void loseData() throws Exception {
        throw new UnsupportedOperationException("canLoseData() says no");
    }

    /**
     * Whether {@link #delayAnswers} works.
     *
     * @return {@code true} when there is a proxy or the like between {@link #one()} and the store
     */
    default boolean canDelayAnswers() {
        return false;
    }

    /**
     * From now on, whatever the store sends to {@link #one()} arrives so much later; what is sent to the store does not.
     *
     * @param delay zero to end it
     * @throws Exception if that fails
     */
    default void delayAnswers(Duration delay) throws Exception {
        throw new UnsupportedOperationException("canDelayAnswers() says no");
    }

    /**
     * A lease short enough to wait for its end in a test, and long enough that a busy machine does not make it run out
     * between two steps.
     *
     * @return the lease
     */
    default Duration shortLease() {
        return Duration.ofSeconds(1);
    }

    /**
     * How long the contract waits for what must come at once. A busy machine must not exceed it; leases that are not
     * meant to run out are several times as long.
     *
     * @return the bound
     */
    default Duration patience() {
        return Duration.ofSeconds(5);
    }

    /**
     * How many names are locked and released to see that nothing grows with them.
     *
     * @return 10 000, less for a slow store
     */
    default int manyNames() {
        return 10_000;
    }

    /**
     * How many critical sections run under real contention.
     *
     * @return 2 000, less for a slow store
     */
    default int criticalSections() {
        return 2_000;
    }

    /** Closes both clients. */
    @Override
    void close() throws Exception;
}

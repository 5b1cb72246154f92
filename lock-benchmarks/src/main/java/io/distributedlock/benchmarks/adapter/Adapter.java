package io.distributedlock.benchmarks.adapter;

import java.util.Set;
import java.util.function.Function;

/**
 * One way to lock.
 *
 * @param name what it is called in options and tables
 * @param store where its locks live
 * @param traits what can be expected of it
 * @param opener makes a client for the address of the store, {@code host:port}
 */
public record Adapter(String name, Store store, Set<Trait> traits, Function<String, LockClient> opener) {

    /** What can be expected of an adapter. */
    public enum Trait {
        /** Not a lock to use: the least that any lock on this store has to do. */
        FLOOR,
        /** Ours. */
        OURS,
        /** Each grant comes with a greater token than the one before. */
        TOKENS,
        /** A caller waits for its turn; without it, a lock that is taken is an error. */
        WAITS
    }

    /**
     * Whether it has a trait.
     *
     * @param trait the trait
     * @return {@code true} if so
     */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /**
     * Connects.
     *
     * @param address where the store is, {@code host:port}
     * @return close it
     */
    public LockClient open(String address) {
        return opener.apply(address);
    }
}

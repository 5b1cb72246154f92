package io.distributedlock.spi;

/**
 * What a store can do beyond an exclusive lock. What it lacks is refused with a message when it is asked for.
 *
 * @param shared several holders at a time
 * @param permits a limit on shared holders
 * @param fairQueue claims are granted in the order of their arrival at the store
 * @param tokenRanges a grant can reserve several tokens, so that a lock can be handed on without asking the store
 * @param keep a released name can stay taken for a time without an owner
 * @param lockDelay an expired lock can stay taken for a further time
 * @param forceRelease a lock can be taken from its holder
 * @param leasePerLock each lock has a lease time of its own; {@code false} = all share the lease of the client's session
 */
public record BackendCapabilities(
        boolean shared,
        boolean permits,
        boolean fairQueue,
        boolean tokenRanges,
        boolean keep,
        boolean lockDelay,
        boolean forceRelease,
        boolean leasePerLock) {}

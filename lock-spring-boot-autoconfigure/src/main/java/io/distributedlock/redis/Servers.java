package io.distributedlock.redis;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockGrant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the locks: one server, or those of a Cluster, where the first key of a request tells which of them it is for.
 * As a route it is for callers whose thread must not be used.
 */
interface Servers extends Route, AutoCloseable {

    /** For callers that wait for the answer, and whose thread may send and read. */
    Route inPlace();

    /** For callers that do not wait for the answer, but whose thread may send. */
    Route pipelined();

    /** For requests that are sent one behind the other. */
    Together together();

    /** Whether enough replicas have a grant; {@code null} = none have to. */
    @Nullable
    Function<LockGrant, CompletableFuture<LockGrant>> replicaAcks();

    /** Where messages of all of them arrive. */
    Subscription.Source subscriptions();

    /** Called when messages may not arrive any more at a subscription that is open. */
    void onDeafness(Runnable action);

    CompletableFuture<BackendStatus> check();

    /** Whether a lock may move to another server, with another clock, while claims wait for it. */
    boolean isCluster();

    @Override
    void close();
}

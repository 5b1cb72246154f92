package io.distributedlock.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which server of a Cluster has which slot: as the client found out when it asked them, and as servers said since. The client
 * asks when first needed, and again when a request failed, or went to a server that does not have the slot any more.
 */
final class ClusterTopology {

    /** Between two questions: while a server is down, each request to it fails. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<RedisClusterClient> client;
    private final String description;
    private final Map<Integer, RedisURI> moved = new ConcurrentHashMap<>();
    private volatile @Nullable Partitions known;
    private volatile Runnable changed = () -> {};

    // guarded by this
    private @Nullable CompletableFuture<Partitions> asking;
    private long askedNanos;

    /** @param description of the Cluster, for messages */
    ClusterTopology(Supplier<RedisClusterClient> client, String description) {
        this.client = client;
        this.description = description;
    }

    /** Called when the servers were asked again. */
    void onChange(Runnable action) {
        changed = action;
    }

    /** {@code null} when that is not known, or when none has it. */
    @Nullable
    RedisURI serverOf(int slot) {
        RedisURI told = moved.get(slot);
        Partitions partitions = known;
        if (told != null || partitions == null) {
            return told;
        }
        RedisClusterNode master = partitions.getMasterBySlot(slot);
        return master == null ? null : master.getUri();
    }

    RedisURI requireServerOf(int slot) {
        RedisURI server = serverOf(slot);
        if (server == null) {
            refresh();
            throw new RedisException("No server of %s has hash slot %d, in which the lock is: give the slot to one"
                    .formatted(description, slot));
        }
        return server;
    }

    /** Whether the others have an eye on it, and did not find it gone. */
    boolean isAlive(RedisURI server) {
        Partitions partitions = known;
        RedisClusterNode node = partitions == null ? null : partitions.getPartition(server.getHost(), server.getPort());
        return node != null && !node.is(NodeFlag.FAIL);
    }

    void moved(int slot, RedisURI server) {
        moved.put(slot, server);
        refresh();
    }

    /** The URI of another server: what it takes to get in is the same for all. */
    static RedisURI sibling(RedisURI server, Redirect redirect) {
        String host = redirect.host().isEmpty() ? server.getHost() : redirect.host();
        return RedisURI.builder(server).withHost(host).withPort(redirect.port()).build();
    }

    /** Does not wait for the servers' answers. */
    void refresh() {
        synchronized (this) {
            if (known != null && System.nanoTime() - askedNanos < PAUSE_NANOS) {
                return;
            }
        }
        var unused = ask();
    }

    /** What is known, at once; else what the servers say. */
    CompletableFuture<Partitions> known() {
        Partitions present = known;
        return present == null ? ask() : CompletableFuture.completedFuture(present);
    }

    /** As {@link #known}, for a thread that may block. */
    Partitions awaitKnown() throws Exception {
        try {
            return known().get(CommandLink.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new RedisConnectionException(
                    description + " did not tell its servers within " + CommandLink.PATIENCE, e);
        }
    }

    private CompletableFuture<Partitions> ask() {
        CompletableFuture<Partitions> mine;
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            mine = new CompletableFuture<>();
            asking = mine;
            askedNanos = System.nanoTime();
        }
        try {
            Daemon.start("lock-redis-cluster", () -> ask(mine));
        } catch (Throwable noThread) {
            answered();
            mine.completeExceptionally(noThread);
        }
        return mine;
    }

    private void ask(CompletableFuture<Partitions> answer) {
        try {
            Map<Integer, RedisURI> before = Map.copyOf(moved);
            RedisClusterClient present = client.get();
            if (known != null) {
                present.refreshPartitions();
            }
            known = present.getPartitions();
            before.forEach(moved::remove);
            answered();
            answer.complete(known);
            changed.run();
        } catch (Throwable e) {
            answered();
            answer.completeExceptionally(
                    new RedisConnectionException(description + " does not tell its servers: " + reason(e), e));
        }
    }

    private static @Nullable String reason(Throwable error) {
        Throwable reason = error;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return reason.getMessage();
    }

    private synchronized void answered() {
        asking = null;
    }
}

package io.distributedlock.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.models.role.RedisInstance.Role;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which server of a Cluster has which slot: as the servers said when they were asked, and as they said of single slots since.
 * They are asked when first needed, and again when a request failed or went to one that does not have the slot any more.
 */
final class ClusterTopology {

    /** Between two questions: while a server is down, each request to it fails. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Question question;
    private final String description;
    private final Map<Integer, RedisURI> moved = new ConcurrentHashMap<>();
    private volatile @Nullable Partitions known;
    private volatile Runnable changed = () -> {};

    // guarded by this
    private @Nullable CompletableFuture<Partitions> asking;
    private long askedNanos;

    /** Asks the servers, without blocking. */
    @FunctionalInterface
    interface Question {

        /** @param known what they said last; {@code null} = nothing so far */
        CompletableFuture<Partitions> ask(@Nullable Partitions known);
    }

    /** @param description of the Cluster, for messages */
    ClusterTopology(Question question, String description) {
        this.question = question;
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

    /** Those that have slots. */
    static List<RedisURI> masters(Partitions known) {
        return known.stream()
                .filter(ClusterTopology::hasSlots)
                .map(RedisClusterNode::getUri)
                .toList();
    }

    private static boolean hasSlots(RedisClusterNode node) {
        return node.getRole() == Role.UPSTREAM && !node.hasNoSlots();
    }

    /** Whether it has slots, and others did not find it gone. */
    boolean isAlive(RedisURI server) {
        Partitions partitions = known;
        RedisClusterNode node = partitions == null ? null : partitions.getPartition(server.getHost(), server.getPort());
        return node != null && hasSlots(node) && !node.is(NodeFlag.FAIL);
    }

    void moved(int slot, RedisURI server) {
        moved.put(slot, server);
        refresh();
    }

    /** The URI of another server: what it takes to get in is the same for all. */
    static RedisURI sibling(RedisURI server, String host, int port) {
        return RedisURI.builder(server)
                .withHost(host.isEmpty() ? server.getHost() : host)
                .withPort(port)
                .build();
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

    /** What the servers say now. */
    CompletableFuture<Partitions> ask() {
        CompletableFuture<Partitions> mine;
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            mine = new CompletableFuture<>();
            asking = mine;
            askedNanos = System.nanoTime();
        }
        Map<Integer, RedisURI> before = Map.copyOf(moved);
        question.ask(known).whenComplete((partitions, failure) -> {
            if (failure == null) {
                known = partitions;
                before.forEach(moved::remove);
            }
            synchronized (this) {
                asking = null;
            }
            if (failure == null) {
                mine.complete(partitions);
                changed.run();
            } else {
                mine.completeExceptionally(new RedisConnectionException(
                        description + " does not tell its servers: "
                                + Failures.root(failure).getMessage(),
                        failure));
            }
        });
        return mine;
    }
}

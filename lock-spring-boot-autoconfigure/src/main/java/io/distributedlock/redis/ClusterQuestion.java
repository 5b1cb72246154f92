package io.distributedlock.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers of a Cluster who they are: the client at first, and then those that are known, all at once and by the
 * connections that are there. So one that hangs keeps nobody waiting, and a client of the application is left as it is.
 */
final class ClusterQuestion implements ClusterTopology.Question {

    private static final long PATIENCE_MILLIS = 1_000;

    private final Supplier<RedisClusterClient> client;
    private final Function<RedisURI, OneServer> servers;

    ClusterQuestion(Supplier<RedisClusterClient> client, Function<RedisURI, OneServer> servers) {
        this.client = client;
        this.servers = servers;
    }

    @Override
    public CompletableFuture<Partitions> ask(@Nullable Partitions known) {
        if (known == null) {
            return askClient(RedisClusterClient::getPartitions);
        }
        List<CompletableFuture<@Nullable Partitions>> views =
                ClusterTopology.masters(known).stream().map(this::viewOf).toList();
        return CompletableFuture.allOf(views.toArray(CompletableFuture<?>[]::new))
                .thenCompose(all -> views.stream()
                        .map(CompletableFuture::join)
                        .filter(Objects::nonNull)
                        // One that was cut off from the others does not know of what they agreed upon.
                        .max((one, other) -> Long.compare(epoch(one), epoch(other)))
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> askClient(ClusterQuestion::anew)));
    }

    private CompletableFuture<@Nullable Partitions> viewOf(RedisURI server) {
        return servers.apply(server)
                .nodes()
                .<@Nullable Partitions>thenApply(text -> view(text, server))
                .exceptionally(silent -> null)
                .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Partitions view(String text, RedisURI server) {
        Partitions view = ClusterPartitionParser.parse(text);
        for (RedisClusterNode node : view) {
            RedisURI address = node.getUri();
            node.setUri(ClusterTopology.sibling(server, address.getHost(), address.getPort()));
        }
        view.updateCache();
        return view;
    }

    private static long epoch(Partitions view) {
        return view.stream().mapToLong(RedisClusterNode::getConfigEpoch).max().orElse(0);
    }

    private static Partitions anew(RedisClusterClient client) {
        client.refreshPartitions();
        return client.getPartitions();
    }

    /** On a thread of its own, for the client blocks. */
    private CompletableFuture<Partitions> askClient(Function<RedisClusterClient, Partitions> call) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> copyOf(call.apply(client.get())), task -> Daemon.start("lock-redis-cluster", task));
        } catch (Throwable noThread) {
            return CompletableFuture.failedFuture(noThread);
        }
    }

    private static Partitions copyOf(Partitions found) {
        if (found.isEmpty()) {
            throw new RedisException("there are none");
        }
        return found.clone();
    }
}

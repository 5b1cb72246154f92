package io.distributedlock.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two clients: the Cluster's, which knows its servers, and one for connections to each of them, with the options and threads
 * of the first. So a server of a Cluster is reached as any other is, and what was sent to it is not sent again by a client.
 */
final class ClusterClients implements AutoCloseable {

    private final Supplier<? extends AbstractRedisClient> cluster;
    private final @Nullable OwnClient<RedisClusterClient> own;

    // guarded by this
    private @Nullable RedisClient forServers;
    private @Nullable RedisClusterClient likeWhich;
    private boolean closed;

    private ClusterClients(
            Supplier<? extends AbstractRedisClient> cluster, @Nullable OwnClient<RedisClusterClient> own) {
        this.cluster = cluster;
        this.own = own;
    }

    /** @param servers some that are in the Cluster: they know the others */
    static ClusterClients own(List<RedisURI> servers) {
        servers.forEach(RedisClientSource::boundTimeout);
        OwnClient<RedisClusterClient> own = new OwnClient<>(() -> {
            RedisClusterClient made = RedisClusterClient.create(servers);
            made.setOptions(
                    ClusterClientOptions.builder(RedisClientSource.options()).build());
            return made;
        });
        return new ClusterClients(own, own);
    }

    /** The client is asked for when something is connected, and not before. */
    static ClusterClients given(Supplier<? extends AbstractRedisClient> client) {
        return new ClusterClients(client, null);
    }

    synchronized RedisClusterClient cluster() {
        if (closed) {
            throw new IllegalStateException("The client was closed"); // nobody would shut a new one down
        }
        AbstractRedisClient present = cluster.get();
        if (present instanceof RedisClusterClient client) {
            return client;
        }
        throw new IllegalStateException(
                "Locks in a Redis Cluster need a RedisClusterClient, but the application's is a "
                        + present.getClass().getSimpleName());
    }

    synchronized RedisClient forServers() {
        RedisClusterClient client = cluster();
        if (forServers == null || likeWhich != client) {
            shutDownForServers();
            forServers = RedisClient.create(client.getResources());
            forServers.setOptions(client.getOptions());
            likeWhich = client;
        }
        return forServers;
    }

    private void shutDownForServers() {
        if (forServers != null) {
            forServers.shutdown(Duration.ZERO, OwnClient.SHUTDOWN);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        shutDownForServers();
        if (own != null) {
            own.close();
        }
    }
}

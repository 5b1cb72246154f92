package io.distributedlock.redis;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a Redis Cluster: each request goes to the one that has the slot of its first key, and from there to where it
 * is sent on. Messages reach all of them, so one inbox at any of them will do.
 */
final class Cluster implements Servers {

    private final ClusterClients clients;
    private final boolean direct;
    private final OneServer.Settings settings;
    private final ClusterTopology topology;
    private final String description;
    private final Map<String, OneServer> servers = new ConcurrentHashMap<>();
    private final Route shared = new Way(server -> server, false);
    private final Route inPlace = new Way(OneServer::inPlace, true);
    private final Route pipelined = new Way(OneServer::pipelined, false);

    private volatile @Nullable RedisURI inboxAt;
    private volatile Runnable deaf = () -> {};
    private volatile boolean closed;

    /**
     * Connects nothing yet.
     *
     * @param clients closed with the Cluster
     * @param direct whether callers and messages have connections without the client
     * @param description for messages
     */
    Cluster(ClusterClients clients, boolean direct, OneServer.Settings settings, String description) {
        this.clients = clients;
        this.direct = direct;
        this.settings = settings;
        this.description = description;
        this.topology = new ClusterTopology(new ClusterQuestion(clients::cluster, this::server), description);
        topology.onChange(this::lookAtInbox);
    }

    private OneServer server(RedisURI uri) {
        OneServer server = servers.computeIfAbsent(uri.getHost() + ":" + uri.getPort(), address -> {
            RedisURI bounded = RedisURI.builder(uri).build(); // the client's own stays as it is
            RedisClientSource.boundTimeout(bounded);
            RedisClientSource source = RedisClientSource.given(clients::forServers, bounded);
            return new OneServer(source, direct ? bounded : null, settings, "Redis at " + RedisAddress.of(uri));
        });
        if (closed) {
            server.close();
        }
        return server;
    }

    @Override
    public <T> CompletableFuture<T> eval(
            Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        return shared.eval(patience, script, keys, arguments);
    }

    @Override
    public boolean keepsCaller() {
        return shared.keepsCaller();
    }

    @Override
    public Route inPlace() {
        return inPlace;
    }

    @Override
    public Route pipelined() {
        return pipelined;
    }

    /** A way to each of the servers. */
    private final class Way implements Route {

        private final Function<OneServer, Route> route;
        private final boolean keepsCaller;

        Way(Function<OneServer, Route> route, boolean keepsCaller) {
            this.route = route;
            this.keepsCaller = keepsCaller;
        }

        @Override
        public <T> CompletableFuture<T> eval(
                Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
            return new Errand<T>(topology, Cluster.this::server, patience, script, keys, arguments).by(route);
        }

        @Override
        public boolean keepsCaller() {
            return keepsCaller;
        }
    }

    /** They go to one server, but not in one command: there all keys would have to be in one slot. */
    @Override
    public Together together() {
        return new Together(this, null);
    }

    @Override
    public @Nullable Function<LockGrant, CompletableFuture<LockGrant>> replicaAcks() {
        return settings.minReplicaAcks() == 0 ? null : this::replicaAcks;
    }

    private CompletableFuture<LockGrant> replicaAcks(LockGrant grant) {
        int slot = SlotHash.getSlot(settings.keys().lock(grant.claim().name()));
        return topology.known().thenCompose(known -> {
            OneServer server = server(topology.requireServerOf(slot));
            return Objects.requireNonNull(server.replicaAcks()).apply(grant);
        });
    }

    @Override
    public Subscription.Source subscriptions() {
        return this::subscribe;
    }

    private Subscription subscribe(String channel, Consumer<String> messages, Consumer<Subscription> lost)
            throws Exception {
        Exception failure = new RedisException("No server of " + description + " has any hash slot");
        List<RedisURI> masters = new ArrayList<>(ClusterTopology.masters(topology.awaitKnown()));
        Collections.shuffle(masters);
        masters.sort(Comparator.comparing(server -> !topology.isAlive(server)));
        for (RedisURI server : masters) {
            try {
                Subscription made = server(server).subscriptions().open(channel, messages, lost);
                inboxAt = server;
                return made;
            } catch (Exception e) {
                failure = e;
                topology.refresh();
            }
        }
        throw failure;
    }

    @Override
    public void onDeafness(Runnable action) {
        deaf = action;
    }

    private void lookAtInbox() {
        RedisURI inbox = inboxAt;
        if (inbox != null && !topology.isAlive(inbox)) {
            deaf.run();
        }
    }

    /** The worst of all. */
    @Override
    public CompletableFuture<BackendStatus> check() {
        return topology.ask().thenCompose(known -> {
            CompletableFuture<BackendStatus> all = CompletableFuture.completedFuture(ClusterStatus.ofSlots(known));
            for (RedisURI server : ClusterTopology.masters(known)) {
                all = all.thenCombine(server(server).check(), ClusterStatus::worse);
            }
            return all;
        });
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
        servers.values().forEach(OneServer::close);
        clients.close();
    }
}

package io.distributedlock.redis;

import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.spi.Succession;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Locks in one Redis server (6.2 or later) or in a Redis Cluster, through Lettuce.
 *
 * <p>Claims that find a lock taken wait in a queue in the store. What may free the lock hands it to the first of them in
 * the same step and tells that client by one message: nobody polls, and nobody but the next holder is woken. Should the
 * message get lost, the claim finds out when it looks again at the end of the lease it waits for.
 *
 * <p>Fencing tokens are the server's clock in microseconds, or one more than the last token where that is greater: they
 * grow also when the server lost its data.
 *
 * <p>Nothing is connected before the first call, and a server that is down fails that call only: the next one tries
 * again. Made for a URI, the backend has a client of its own and closes it:
 *
 * <pre>{@code
 * RedisLockBackend.builder(RedisURI.create("redis://localhost:6379")).namespace("shop").build();
 * }</pre>
 *
 * <p>Made for a client of the application, it opens one or two connections on it, closes these, and leaves the client alone:
 *
 * <pre>{@code
 * RedisLockBackend.builder(connectionFactory::getRequiredNativeClient, "redis://10.0.0.7:6379").namespace("shop").build();
 * }</pre>
 */
public final class RedisLockBackend implements LockBackend {

    private static final BackendCapabilities CAPABILITIES =
            new BackendCapabilities(false, false, true, true, true, true, true, true);

    private final Servers servers;
    private final String description;
    private final ScheduledExecutorService timer = Daemon.timer("lock-redis-timer");
    private final LockScripts scripts;
    private final WaitingClaims claims;

    private RedisLockBackend(Builder builder) {
        this.description = builder.description;
        LockKeys keys = new LockKeys(builder.namespace);
        this.servers = builder.access.open(builder, keys, timer);
        this.scripts = new LockScripts(servers, keys, builder.maxClockSkew);
        String inbox = keys.inbox(UUID.randomUUID().toString(), servers.isCluster());
        this.claims = new WaitingClaims(
                scripts, servers, timer, listener -> new Inbox(servers.subscriptions(), timer, inbox, listener));
        servers.onDeafness(claims::deaf);
    }

    /**
     * A backend with a client of its own.
     *
     * @param uri which server, or which Sentinels. Its timeout, 5 s unless it names one, bounds the making of a connection
     * @return a builder
     */
    public static Builder builder(RedisURI uri) {
        return new Builder(one(RedisClientSource.own(uri)), "Redis at " + RedisAddress.of(uri)).direct(uri);
    }

    /**
     * A backend on a client of the application, which must be a {@link io.lettuce.core.RedisClient}; another kind fails
     * each call. Its socket options should have keep-alive with an idle time well below a minute: only by that is a
     * connection found broken on which messages are awaited and nothing is sent.
     *
     * @param client asked each time a connection is opened, and not before; it is never closed
     * @param address the server, for messages; without credentials
     * @return a builder
     */
    public static Builder builder(Supplier<? extends AbstractRedisClient> client, String address) {
        return new Builder(one(RedisClientSource.given(client, null)), "Redis at " + address);
    }

    /**
     * A backend on a client of the application that was made without a URI.
     *
     * @param client asked each time a connection is opened, and not before; it is never closed
     * @param uri which server, or which Sentinels
     * @return a builder
     */
    public static Builder builder(Supplier<? extends AbstractRedisClient> client, RedisURI uri) {
        return new Builder(one(RedisClientSource.given(client, uri)), "Redis at " + RedisAddress.of(uri));
    }

    private static Access one(RedisClientSource source) {
        return (builder, keys, timer) ->
                new OneServer(source, builder.direct, builder.settings(keys, timer, false), builder.description);
    }

    /**
     * A backend with a client of its own for a Redis Cluster.
     *
     * @param servers some that are in the Cluster: they know the others. Their timeout, 5 s unless they name one, bounds the
     *     making of a connection
     * @return a builder
     */
    public static Builder clusterBuilder(List<RedisURI> servers) {
        String addresses = servers.stream().map(RedisAddress::of).collect(Collectors.joining(", "));
        return new Builder(cluster(ClusterClients.own(servers)), "Redis Cluster at " + addresses)
                .direct(servers.get(0));
    }

    /**
     * A backend for a Redis Cluster on a client of the application, which must be a
     * {@link io.lettuce.core.cluster.RedisClusterClient}; another kind fails each call. It tells which servers there are; they
     * are reached by connections of the backend's own, with the client's options and threads.
     *
     * @param client asked each time a connection is opened, and not before; it is never closed
     * @param addresses of servers, for messages; without credentials
     * @return a builder
     */
    public static Builder clusterBuilder(Supplier<? extends AbstractRedisClient> client, String addresses) {
        return new Builder(cluster(ClusterClients.given(client)), "Redis Cluster at " + addresses);
    }

    private static Access cluster(ClusterClients clients) {
        return (builder, keys, timer) ->
                new Cluster(clients, builder.direct != null, builder.settings(keys, timer, true), builder.description);
    }

    @Override
    public BackendCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        return acquire(claim, servers);
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquireInPlace(LockClaim claim) {
        return acquire(claim, servers.inPlace());
    }

    private CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim, Route route) {
        if (claim.mode() != LockMode.EXCLUSIVE) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException(
                    "Lock '%s' was asked for in mode %s; locks in Redis are EXCLUSIVE only"
                            .formatted(claim.name(), claim.mode())));
        }
        return claims.acquire(claim, route);
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        return Renewals.renew(scripts, grants, servers.isCluster());
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        return claims.release(claim, keep, servers);
    }

    @Override
    public CompletableFuture<Boolean> releaseInPlace(LockClaim claim, Duration keep) {
        return claims.release(claim, keep, servers.inPlace());
    }

    @Override
    public CompletableFuture<Boolean> releasePipelined(LockClaim claim, Duration keep) {
        return claims.release(claim, keep, servers.pipelined());
    }

    @Override
    public Succession releaseThenAcquire(LockClaim ended, Duration keep, LockClaim next) {
        Together together = servers.together();
        try {
            return new Succession(claims.release(ended, keep, together), acquire(next, together));
        } finally {
            together.send();
        }
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return scripts.inspect(name).thenApply(answer -> StoredLock.info(name, answer));
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return scripts.forceRelease(name);
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return servers.check();
    }

    @Override
    public void close() {
        claims.close(new IllegalStateException("The connection to " + description + " was closed"));
        servers.close();
        timer.shutdownNow();
    }

    /** How the servers are reached. */
    private interface Access {
        Servers open(Builder builder, LockKeys keys, ScheduledExecutorService timer);
    }

    /** Collects what a backend needs. */
    public static final class Builder {

        private final Access access;
        private final String description;
        private @Nullable RedisURI direct;
        private String namespace = "default";
        private Duration maxClockSkew = Duration.ofHours(1);
        private int minReplicaAcks;

        private Builder(Access access, String description) {
            this.access = access;
            this.description = description;
        }

        private OneServer.Settings settings(LockKeys keys, ScheduledExecutorService timer, boolean inCluster) {
            return new OneServer.Settings(keys, minReplicaAcks, timer, inCluster);
        }

        /**
         * What keeps the locks of one application apart from those of others in the same server.
         *
         * @param value first part of every key; {@code default} when not set
         * @return this
         */
        public Builder namespace(String value) {
            this.namespace = value;
            return this;
        }

        /**
         * Where to open a further connection, on which callers that wait for an answer and are alone send and read by
         * themselves: that saves the way over the client's threads, which on one machine takes as long as the request.
         * For the same reason a thread of the backend listens there for hand-offs, in place of the client.
         * With a URI that leads to Sentinels, to a Unix socket or through TLS there are no such
         * connections.
         *
         * <p>In a Cluster, each server has such connections when any one is named.
         *
         * @param value the same server that the client leads to; {@code null} for none. When not set: the URI of a
         *     backend with a client of its own, else none
         * @return this
         */
        public Builder direct(@Nullable RedisURI value) {
            this.direct = value;
            return this;
        }

        /**
         * By how much the server's clock may be set back, for instance by a failover to another machine, without a
         * token being given twice. The last token of a lock is kept for so long after its last grant.
         *
         * @param value at least a millisecond; one hour when not set
         * @return this
         */
        public Builder maxClockSkew(Duration value) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException("maxClockSkew must be at least 1 ms, but was " + value);
            }
            this.maxClockSkew = value;
            return this;
        }

        /**
         * How many replicas must have a grant before anybody is told of it. With as many as there are, a failover to any of
         * them loses no grant that somebody works under; a grant then takes a round trip more, and without enough replicas
         * there is none. Renewals are not waited for: a replica that did not get the last one frees the lock up to a third
         * of a lease before its holder's deadline, unless the next one reaches it in time.
         *
         * @param value zero or more; zero when not set
         * @return this
         */
        public Builder minReplicaAcks(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("minReplicaAcks must be zero or more, but was " + value);
            }
            this.minReplicaAcks = value;
            return this;
        }

        /**
         * Makes the backend; connects nothing yet.
         *
         * @return the backend, to be closed by the caller
         */
        public RedisLockBackend build() {
            return new RedisLockBackend(this);
        }
    }
}

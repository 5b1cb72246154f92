package io.distributedlock.autoconfigure;

import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.jdbc.JdbcFence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.Ordered;

/**
 * How locks are taken, and where they live.
 *
 * @param enabled Whether locks keep other instances out. Without, they live in this JVM only.
 * @param backend Store that keeps the locks.
 * @param namespace What keeps the locks of this application apart from those of others in the same store. Defaults to the
 *     name of the application.
 * @param waitTime How long a call waits for a lock that another holder has.
 * @param leaseTime How long the store keeps a lock that is no longer renewed, at least 100 ms.
 * @param maxHoldTime After which time a lock is no longer renewed and its holder loses it. Without, it is renewed for as
 *     long as it is held.
 * @param lockDelay How much longer a lock stays taken after its holder has lost it. A release frees it at once. In
 *     ZooKeeper this is part of the session, which the server bounds by its maxSessionTimeout.
 * @param localHandOffs How many times a lock may pass between callers of one instance, without a request to the store,
 *     before other instances get their turn. 0 = each caller asks the store. In ZooKeeper it is 62 times at most: a
 *     greater value is cut to that.
 * @param localHandOffTime For how long a lock may pass between callers of one instance.
 * @param release Whether whoever gives a lock back waits for the store's answer.
 * @param shutdownTimeout How long a shutdown waits for work under locks before it gives them back.
 * @param advisorOrder Order of the lock among the proxies' other advice. A lower value is further outside.
 * @param redis Where Redis is.
 * @param zookeeper Where ZooKeeper is.
 * @param fencing How what is written under locks is kept from holders that are late.
 */
@ConfigurationProperties(prefix = "lock", ignoreUnknownFields = false)
public record LockProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("redis") Backend backend,
        @Nullable String namespace,
        @DefaultValue("5s") Duration waitTime,
        @DefaultValue("15s") Duration leaseTime,
        @Nullable Duration maxHoldTime,
        @DefaultValue("0s") Duration lockDelay,
        @DefaultValue("64") int localHandOffs,
        @DefaultValue("10ms") Duration localHandOffTime,
        @DefaultValue("confirmed") ReleaseMode release,
        @DefaultValue("10s") Duration shutdownTimeout,
        @DefaultValue("" + DEFAULT_ADVISOR_ORDER) int advisorOrder,
        @DefaultValue Redis redis,
        @DefaultValue Zookeeper zookeeper,
        @DefaultValue Fencing fencing) {

    static final int DEFAULT_ADVISOR_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    private static final int MAX_LOCAL_HAND_OFFS = 1_000;
    private static final Duration MAX_LOCAL_HAND_OFF_TIME = Duration.ofMinutes(1);
    private static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MIN_CONNECTION_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MIN_RETENTION = Duration.ofDays(1);

    /** Refuses what cannot work. */
    public LockProperties {
        checkBetween("lock.wait-time", waitTime, Duration.ZERO);
        checkBetween("lock.lease-time", leaseTime, LockRequest.MIN_LEASE_TIME);
        checkBetween("lock.max-hold-time", maxHoldTime, LockRequest.MIN_LEASE_TIME);
        checkBetween("lock.lock-delay", lockDelay, Duration.ZERO);
        checkBetween("lock.local-hand-off-time", localHandOffTime, Duration.ZERO, MAX_LOCAL_HAND_OFF_TIME);
        if (localHandOffs < 0 || localHandOffs > MAX_LOCAL_HAND_OFFS) {
            throw new InvalidLockConfigurationException(
                    "lock.local-hand-offs is %d, which is out of its limits".formatted(localHandOffs),
                    "Set it to at least 0 and at most %d".formatted(MAX_LOCAL_HAND_OFFS));
        }
        checkBetween("lock.shutdown-timeout", shutdownTimeout, Duration.ZERO);
    }

    /** Stores that can keep the locks. */
    public enum Backend {

        /** One Redis server, one behind Sentinel, or a Cluster. */
        REDIS,

        /** A ZooKeeper ensemble. */
        ZOOKEEPER,

        /** This JVM: for tests and demonstrations. */
        MEMORY
    }

    /**
     * Where Redis is.
     *
     * @param url Redis of its own for the locks, as a URI: redis://, rediss://, redis-sentinel://, redis-cluster:// or
     *     rediss-cluster://. Without, the application's Redis client is used.
     * @param directConnection Whether a caller that waits for an answer while nothing else is under way sends and reads by
     *     itself, on a connection of its own, and messages of hand-offs are read by a thread of their own. Only without TLS,
     *     Sentinel and Unix sockets.
     * @param minReplicaAcks How many replicas must have a grant before anybody is told of it, so that a failover to one of
     *     them does not lose it. Without so many, no lock is granted.
     */
    public record Redis(
            @Nullable String url,
            @DefaultValue("true") boolean directConnection,
            @DefaultValue("0") int minReplicaAcks) {

        /** Refuses what cannot work. */
        public Redis {
            if (minReplicaAcks < 0) {
                throw new InvalidLockConfigurationException(
                        "lock.redis.min-replica-acks is %d, which is less than none".formatted(minReplicaAcks),
                        "Write 0 for no replicas, or a number of replicas that are always there");
            }
        }
    }

    /**
     * Where ZooKeeper is.
     *
     * @param connectString Servers, separated by commas. When not set, the application's CuratorFramework is used, if
     *     there is one.
     * @param sessionTimeout After which silence ZooKeeper forgets this instance and all its locks. The lock-delay is added
     *     to it.
     * @param connectionTimeout How long a request waits for a connection.
     * @param root Path below which the locks live.
     */
    public record Zookeeper(
            @DefaultValue("localhost:2181") String connectString,
            @DefaultValue("10s") Duration sessionTimeout,
            @DefaultValue("3s") Duration connectionTimeout,
            @DefaultValue("/locks") String root) {

        /** Refuses what cannot work. */
        public Zookeeper {
            checkBetween("lock.zookeeper.session-timeout", sessionTimeout, MIN_SESSION_TIMEOUT);
            checkBetween("lock.zookeeper.connection-timeout", connectionTimeout, MIN_CONNECTION_TIMEOUT);
            if (!root.startsWith("/") || (root.length() > 1 && root.endsWith("/"))) {
                throw new InvalidLockConfigurationException(
                        "lock.zookeeper.root is '%s', which is no path of ZooKeeper".formatted(root),
                        "Write a path like '/locks', without a slash at its end");
            }
        }
    }

    /**
     * How what is written under locks is kept from holders that are late.
     *
     * @param epoch What counts more than any fencing token, from 0 to 1023. Raise it by one when tokens begin again at
     *     smaller ones: after a change of the backend, or when the store was restored from an old backup.
     * @param jdbc Marks in the application's database.
     */
    public record Fencing(
            @DefaultValue("0") int epoch, @DefaultValue FencingJdbc jdbc) {

        /** Refuses what cannot work. */
        public Fencing {
            if (epoch < 0 || epoch > FencingToken.MAX_EPOCH) {
                throw new InvalidLockConfigurationException(
                        "lock.fencing.epoch is %d, which is out of its limits".formatted(epoch),
                        "Set it to at least 0 and at most %d".formatted(FencingToken.MAX_EPOCH));
            }
        }
    }

    /**
     * Marks in the application's database.
     *
     * @param table Table of the marks, with its schema and a dot before it or without.
     * @param initializeSchema Whether the table is made at the start.
     * @param retention How long a mark stays that nobody touches, at least 1 day.
     */
    public record FencingJdbc(
            @DefaultValue("lock_fence") String table,
            @DefaultValue("embedded") SchemaInitialization initializeSchema,
            @DefaultValue("30d") Duration retention) {

        /** Refuses what cannot work. */
        public FencingJdbc {
            if (!table.matches(JdbcFence.TABLE_NAME)) {
                throw new InvalidLockConfigurationException(
                        "lock.fencing.jdbc.table is '%s', which is not a table's name".formatted(table),
                        "Write letters, digits and underscores, like 'lock_fence' or 'schema.lock_fence'");
            }
            checkBetween("lock.fencing.jdbc.retention", retention, MIN_RETENTION);
        }
    }

    /** When tables are made. Boot's DatabaseInitializationMode, which is not there in an application without a database. */
    public enum SchemaInitialization {

        /** In any database. */
        ALWAYS,

        /** In a database in memory. */
        EMBEDDED,

        /** By somebody else. */
        NEVER
    }

    private static void checkBetween(String key, @Nullable Duration value, Duration min) {
        checkBetween(key, value, min, LockRequest.MAX_DURATION);
    }

    private static void checkBetween(String key, @Nullable Duration value, Duration min, Duration max) {
        if (value != null && (value.compareTo(min) < 0 || value.compareTo(max) > 0)) {
            throw new InvalidLockConfigurationException(
                    "%s is %s, which is out of its limits".formatted(key, value),
                    "Set it to at least %s and at most %s".formatted(min, max));
        }
    }
}

package io.distributedlock.autoconfigure;

import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
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
 * @param lockDelay How much longer an expired lock stays taken, where the store can do that.
 * @param localHandOffs How many times a lock may pass between callers of one instance, without a request to the store,
 *     before other instances get their turn. 0 = each caller asks the store.
 * @param localHandOffTime For how long a lock may pass between callers of one instance.
 * @param release Whether whoever gives a lock back waits for the store's answer.
 * @param shutdownTimeout How long a shutdown waits for work under locks before it gives them back.
 * @param advisorOrder Order of the lock among the proxies' other advice. A lower value is further outside.
 * @param redis Where Redis is.
 * @param zookeeper Where ZooKeeper is.
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
        @DefaultValue Zookeeper zookeeper) {

    static final int DEFAULT_ADVISOR_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    private static final int MAX_LOCAL_HAND_OFFS = 1_000;
    private static final Duration MAX_LOCAL_HAND_OFF_TIME = Duration.ofMinutes(1);
    private static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MIN_CONNECTION_TIMEOUT = Duration.ofMillis(100);

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

        /** One Redis server, or one behind Sentinel. */
        REDIS,

        /** A ZooKeeper ensemble. */
        ZOOKEEPER,

        /** This JVM: for tests and demonstrations. */
        MEMORY
    }

    /**
     * Where Redis is.
     *
     * @param url Redis of its own for the locks, as a Lettuce URI: redis://, rediss:// or redis-sentinel://. Without, the
     *     application's Redis client is used.
     * @param directConnection Whether a caller that waits for an answer while nothing else is under way sends and reads by
     *     itself, on a connection of its own. Only without TLS, Sentinel and Unix sockets.
     */
    public record Redis(
            @Nullable String url, @DefaultValue("true") boolean directConnection) {}

    /**
     * Where ZooKeeper is.
     *
     * @param connectString Servers, separated by commas. When not set, the application's CuratorFramework is used, if
     *     there is one.
     * @param sessionTimeout After which silence ZooKeeper forgets this instance and all its locks.
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

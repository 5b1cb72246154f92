package io.distributedlock.zookeeper;

import java.time.Duration;
import java.util.Objects;
import org.apache.zookeeper.common.PathUtils;

/**
 * How to reach ZooKeeper, and where in it the locks live.
 *
 * @param connectString the servers, for example {@code zk1:2181,zk2:2181,zk3:2181}
 * @param sessionTimeout after which silence ZooKeeper forgets this instance and everything it holds, at least 1 s; the
 *     server may change it (by default to 2 to 20 of its ticks of 2 s). The lock-delay of its claims is part of it
 * @param connectionTimeout how long a request waits for a connection, at least 100 ms
 * @param root path below which everything lives, for example {@code /locks}
 * @param namespace what keeps the locks of one application apart from others' of the same name
 */
public record ZooKeeperSettings(
        String connectString, Duration sessionTimeout, Duration connectionTimeout, String root, String namespace) {

    /** Where the locks live if nobody says otherwise. */
    public static final String DEFAULT_ROOT = "/locks";

    static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MIN_CONNECTION_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    /** Refuses what cannot work. */
    public ZooKeeperSettings {
        if (connectString.isBlank()) {
            throw new IllegalArgumentException(
                    "The connect string of ZooKeeper must not be blank; name a server, like 'localhost:2181'");
        }
        checkBetween("session timeout", sessionTimeout, MIN_SESSION_TIMEOUT);
        checkBetween("connection timeout", connectionTimeout, MIN_CONNECTION_TIMEOUT);
        checkTree(root, namespace);
    }

    /**
     * Sessions of 10 s, 3 s for a connection, below {@value #DEFAULT_ROOT}.
     *
     * @param connectString the servers
     * @param namespace what keeps the locks of one application apart
     * @return the settings
     */
    public static ZooKeeperSettings of(String connectString, String namespace) {
        return new ZooKeeperSettings(
                connectString, Duration.ofSeconds(10), Duration.ofSeconds(3), DEFAULT_ROOT, namespace);
    }

    static void checkTree(String root, String namespace) {
        try {
            PathUtils.validatePath(Objects.requireNonNull(root, "root"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The root of locks in ZooKeeper must be a path like '/locks', but was '" + root + "': "
                            + e.getMessage(),
                    e);
        }
        if (namespace.isBlank()) {
            throw new IllegalArgumentException(
                    "The namespace of locks must not be blank; name the application, like 'orders'");
        }
        if (root.equals("/") && namespace.equals("zookeeper")) {
            throw new IllegalArgumentException(
                    "The root '/' with the namespace 'zookeeper' is where ZooKeeper keeps its own data;"
                            + " use another root, like '/locks'");
        }
    }

    private static void checkBetween(String option, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("The %s of ZooKeeper must be between %s and %s, but was %s"
                    .formatted(option, min, MAX_TIMEOUT, value));
        }
    }
}

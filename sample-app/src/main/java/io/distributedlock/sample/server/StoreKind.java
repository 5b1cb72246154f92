package io.distributedlock.sample.server;

import java.util.Locale;

/** The stores that the sample can run. */
enum StoreKind {
    ZOOKEEPER(2181, "lock.zookeeper.connect-string", ""),
    REDIS(6379, "lock.redis.url", "redis://");

    private final int usualPort;
    private final String addressKey;
    private final String scheme;

    StoreKind(int usualPort, String addressKey, String scheme) {
        this.usualPort = usualPort;
        this.addressKey = addressKey;
        this.scheme = scheme;
    }

    int usualPort() {
        return usualPort;
    }

    /** The property that says where the store is. */
    String addressKey() {
        return addressKey;
    }

    String address(int port) {
        return scheme + "127.0.0.1:" + port;
    }

    StoreServer newServer() {
        return switch (this) {
            case ZOOKEEPER -> new EmbeddedZooKeeper();
            case REDIS -> new RedisProcess();
        };
    }

    /** The value of {@code lock.backend}. */
    String backend() {
        return name().toLowerCase(Locale.ROOT);
    }
}

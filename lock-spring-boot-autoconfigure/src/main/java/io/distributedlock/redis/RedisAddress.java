package io.distributedlock.redis;

import io.lettuce.core.RedisURI;
import java.util.stream.Collectors;

/** Where a server is, in words for people: no user, no password. */
final class RedisAddress {

    private RedisAddress() {}

    static String of(RedisURI uri) {
        String scheme = uri.isSsl() ? "rediss" : "redis";
        if (!uri.getSentinels().isEmpty()) {
            return scheme + "-sentinel://"
                    + uri.getSentinels().stream()
                            .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                            .collect(Collectors.joining(","))
                    + "/" + uri.getDatabase() + "#" + uri.getSentinelMasterId();
        }
        if (uri.getSocket() != null) {
            return "redis-socket://" + uri.getSocket();
        }
        return scheme + "://" + uri.getHost() + ":" + uri.getPort()
                + (uri.getDatabase() == 0 ? "" : "/" + uri.getDatabase());
    }
}

package io.distributedlock.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Where commands leave by one connection, in the order in which they come: each by itself, or several requests together. For
 * one thread at a time.
 */
final class Outbox {

    private final StatefulRedisConnection<String, String> connection;
    private final boolean together;

    /** May take more, if the client has not encoded it by now; nothing was sent behind it. */
    private @Nullable RequestBatch last;

    /** @param together whether one command may be for several locks */
    Outbox(StatefulRedisConnection<String, String> connection, boolean together) {
        this.connection = connection;
        this.together = together;
    }

    StatefulRedisConnection<String, String> connection() {
        return connection;
    }

    /** For a command that goes by itself, and that nothing which comes later may overtake. */
    RedisAsyncCommands<String, String> alone() {
        last = null;
        return connection.async();
    }

    void send(Request<?> request) {
        if (!together || !RequestBatch.isFor(request)) {
            request.sendOn(alone());
        } else if (last == null || !last.add(request)) {
            RequestBatch next = new RequestBatch();
            next.add(request);
            next.sendOn(alone());
            last = next;
        }
    }
}

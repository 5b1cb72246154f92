package io.distributedlock.redis;

import static java.util.function.Function.identity;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** A script that is to run once in a Cluster: looks for the server that has the slot of its first key. */
final class Errand<T> {

    /** A slot moves to one server; who is sent on more often is sent in a circle. */
    private static final int MOST_REDIRECTS = 5;

    private final ClusterTopology topology;
    private final Function<RedisURI, OneServer> servers;
    private final Duration patience;
    private final Script script;
    private final String[] keys;
    private final Supplier<String[]> arguments;
    private final int slot;
    private int redirects;

    Errand(
            ClusterTopology topology,
            Function<RedisURI, OneServer> servers,
            Duration patience,
            Script script,
            String[] keys,
            Supplier<String[]> arguments) {
        this.topology = topology;
        this.servers = servers;
        this.patience = patience;
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
        this.slot = SlotHash.getSlot(keys[0]);
    }

    /** @param route how to reach a server that is known; one that has to be found is reached as all are */
    CompletableFuture<T> by(Function<? super OneServer, ? extends Route> route) {
        RedisURI server = topology.serverOf(slot);
        return server == null
                ? topology.known().thenCompose(known -> send(topology.requireServerOf(slot), identity()))
                : send(server, route);
    }

    private CompletableFuture<T> send(RedisURI server, Function<? super OneServer, ? extends Route> route) {
        return followed(server, route.apply(servers.apply(server)).eval(patience, script, keys, arguments));
    }

    private CompletableFuture<T> followed(RedisURI server, CompletableFuture<T> answer) {
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            return answer;
        }
        return answer.handle((value, error) -> error == null
                        ? CompletableFuture.completedFuture(value)
                        : follow(server, Failures.cause(error)))
                .thenCompose(identity());
    }

    /** A server that sends a request on has not run it. */
    private CompletableFuture<T> follow(RedisURI server, Throwable error) {
        Redirect redirect = Redirect.of(error);
        if (redirect == null || ++redirects > MOST_REDIRECTS) {
            topology.refresh(); // the slot may have got another server
            return CompletableFuture.failedFuture(error);
        }
        RedisURI other = ClusterTopology.sibling(server, redirect.host(), redirect.port());
        if (redirect.forOnce()) {
            return followed(other, servers.apply(other).evalAsking(patience, script, keys, arguments));
        }
        CompletableFuture<T> answer = send(other, identity());
        topology.moved(slot, other); // not before: nobody is to get there earlier than what was sent on
        return answer;
    }
}

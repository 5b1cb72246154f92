package io.distributedlock.redis;

import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockGrant;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server and the ways to it. */
final class OneServer implements Servers {

    private final RedisClientSource source;
    private final CommandLink link;
    private final @Nullable ReplicaAcks acks;
    private final Preflight preflight;
    private final Subscription.Source subscriptions;
    private final boolean inCluster;

    /**
     * What is the same for all servers of a backend.
     *
     * @param minReplicaAcks how many replicas must have a grant
     * @param inCluster whether there are others, which have other locks
     */
    record Settings(LockKeys keys, int minReplicaAcks, ScheduledExecutorService timer, boolean inCluster) {}

    /**
     * Connects nothing yet.
     *
     * @param source closed with the server
     * @param direct where callers and messages have connections without the client; {@code null} = nowhere
     * @param description for messages
     */
    OneServer(RedisClientSource source, @Nullable RedisURI direct, Settings settings, String description) {
        this.source = source;
        this.inCluster = settings.inCluster;
        RedisURI possible = direct != null && DirectLink.isPossible(direct) ? direct : null;
        ScheduledExecutorService timer = settings.timer;
        Subscription.Source byClient = LettuceSubscription.source(source::connectPubSub);
        this.subscriptions = possible == null ? byClient : DirectSubscription.source(possible, timer, byClient);
        Function<@Nullable RedisURI, CommandLink> link = uri ->
                new CommandLink(source::connect, new DirectLink(uri, timer), timer, description, settings.inCluster);
        this.link = link.apply(possible);
        this.acks = settings.minReplicaAcks == 0
                ? null
                : new ReplicaAcks(link.apply(null), settings.keys, settings.minReplicaAcks, description);
        this.preflight = new Preflight(this.link, settings.minReplicaAcks, settings.inCluster);
    }

    @Override
    public <T> CompletableFuture<T> eval(
            Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        return link.eval(patience, script, keys, arguments);
    }

    /** For a lock that is moving here: a server runs what is not its own yet only when told so. */
    <T> CompletableFuture<T> evalAsking(Duration patience, Script script, String[] keys, Supplier<String[]> arguments) {
        return link.evalAsking(patience, script, keys, arguments);
    }

    @Override
    public boolean keepsCaller() {
        return false;
    }

    @Override
    public Route inPlace() {
        return link.inPlace();
    }

    @Override
    public Route pipelined() {
        return link.inPlace().pipelined();
    }

    @Override
    public Together together() {
        return new Together(link, link.inPlace()::eval);
    }

    @Override
    public @Nullable Function<LockGrant, CompletableFuture<LockGrant>> replicaAcks() {
        return acks == null ? null : acks::of;
    }

    @Override
    public Subscription.Source subscriptions() {
        return subscriptions;
    }

    /** One that was made a replica hears of nothing that its former replicas grant. */
    @Override
    public void onDeafness(Runnable action) {
        link.onDemotion(action);
    }

    /** What this server of a Cluster says of all of them. */
    CompletableFuture<String> nodes() {
        return link.send(RedisAsyncCommands::clusterNodes);
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return preflight.check();
    }

    @Override
    public boolean isCluster() {
        return inCluster;
    }

    @Override
    public void close() {
        link.close();
        if (acks != null) {
            acks.close();
        }
        source.close();
    }
}

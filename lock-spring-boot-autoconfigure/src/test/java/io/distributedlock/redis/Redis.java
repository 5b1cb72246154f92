package io.distributedlock.redis;

import static org.awaitility.Awaitility.await;

import io.distributedlock.spi.LockClaim;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A namespace of its own in a real server: backends in it, and a hand that reaches past them. */
final class Redis implements AutoCloseable {

    final RedisURI uri;
    final LockKeys keys;
    final Keyspace stored;
    final String namespace = "test-" + UUID.randomUUID();
    private final RedisClient client;
    private int minReplicaAcks;
    private final RedisCommands<String, String> commands;

    Redis(String uri) {
        this.uri = RedisURI.create(uri);
        this.keys = new LockKeys(namespace);
        this.client = RedisClient.create(uri);
        this.commands = client.connect().sync();
        this.stored = new Keyspace(namespace, commands);
    }

    RedisLockBackend backend() {
        return backend(uri);
    }

    RedisLockBackend backend(RedisURI address) {
        return RedisLockBackend.builder(address)
                .namespace(namespace)
                .minReplicaAcks(minReplicaAcks)
                .build();
    }

    /** On a client with the options that applications usually have: it reconnects and sends commands again. */
    RedisLockBackend backendOfApplication() {
        return RedisLockBackend.builder(() -> client, uri.toString())
                .namespace(namespace)
                .minReplicaAcks(minReplicaAcks)
                .build();
    }

    /** Of backends made from now on. */
    Redis minReplicaAcks(int value) {
        minReplicaAcks = value;
        return this;
    }

    /** One that has opened the connection for callers who are alone. Its connections have a name of their own. */
    RedisLockBackend directBackend(RedisURI address) {
        address.setClientName("client-" + UUID.randomUUID());
        RedisLockBackend made = backend(address);
        awaitDirect(made, address.getClientName());
        return made;
    }

    /** Works with it until it has opened the connection for callers who are alone. */
    void awaitDirect(RedisLockBackend backend, String clientName) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> isInPlace(backend) && clients(clientName).size() == (minReplicaAcks == 0 ? 3 : 4));
    }

    /** Works with it once. A connection has its name, and counts, a moment before it is used for that. */
    static boolean isInPlace(RedisLockBackend backend) {
        LockClaim claim = Claims.claim("opens the connections", Duration.ofMinutes(1), Duration.ofMinutes(1));
        backend.acquireInPlace(claim).join();
        CompletableFuture<?> released = backend.releaseInPlace(claim, Duration.ZERO);
        boolean isInPlace = released.isDone();
        released.join();
        return isInPlace;
    }

    /** Has what the other server has, from now on. */
    void follow(Redis master) {
        commands.replicaof(master.uri.getHost(), master.uri.getPort());
        await().atMost(Duration.ofSeconds(20)).until(() -> master.commands.waitForReplication(1, 100) == 1);
    }

    /** Ids of the connections that have this name. */
    Set<String> clients(String name) {
        return clientsLike(" name=" + name + " ");
    }

    /** Of these, ids of those on which nobody listens for messages. */
    Set<String> callers(String name) {
        return clientsLike(" name=" + name + " .* sub=0 ");
    }

    private Set<String> clientsLike(String line) {
        return Pattern.compile("(?m)^id=(\\d+) .*" + line)
                .matcher(commands.clientList())
                .results()
                .map(client -> client.group(1))
                .collect(Collectors.toSet());
    }

    RedisCommands<String, String> commands() {
        return commands;
    }

    /** A connection to subscribe on. */
    StatefulRedisPubSubConnection<String, String> listen() {
        return client.connectPubSub();
    }

    String queue(String name) {
        return keys.handOff(name)[2];
    }

    /** How often the server ran a script. */
    long scriptCalls() {
        return counts().scripts();
    }

    /** How often the server was asked what its replicas have. */
    long waits() {
        return Pattern.compile("cmdstat_wait:calls=(\\d+)")
                .matcher(commands.info("commandstats"))
                .results()
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
    }

    /** What the server ran so far. */
    CommandCounts counts() {
        return CommandCounts.of(commands.info("commandstats"));
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}

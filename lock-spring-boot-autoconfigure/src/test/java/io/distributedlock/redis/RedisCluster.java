package io.distributedlock.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.models.role.RedisInstance.Role;
import io.lettuce.core.protocol.CommandArgs;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A namespace of its own in a real Cluster: backends in it, and a hand that reaches past them. */
final class RedisCluster implements AutoCloseable {

    final LockKeys keys;
    final Keyspace stored;
    private final String namespace = "test-" + UUID.randomUUID();
    private final List<String> uris;
    private final RedisClusterClient client;
    private final RedisAdvancedClusterCommands<String, String> commands;
    private int minReplicaAcks;

    RedisCluster(List<String> uris) {
        this.uris = uris;
        this.keys = new LockKeys(namespace);
        this.client =
                RedisClusterClient.create(uris.stream().map(RedisURI::create).toList());
        this.commands = client.connect().sync();
        this.stored = new Keyspace(namespace, commands);
    }

    /** With a client of its own, which is told of one server. */
    RedisLockBackend backend() {
        return backend(RedisURI.create(uris.get(0)));
    }

    RedisLockBackend backend(RedisURI server) {
        return RedisLockBackend.clusterBuilder(List.of(server))
                .namespace(namespace)
                .minReplicaAcks(minReplicaAcks)
                .build();
    }

    /** One that does not know of the others. */
    RedisLockBackend backendOfOneServer(RedisURI server) {
        return RedisLockBackend.builder(RedisURI.create(RedisAddress.of(server)))
                .namespace(namespace)
                .build();
    }

    RedisLockBackend backendOfApplication() {
        return RedisLockBackend.clusterBuilder(() -> client, uris.get(0))
                .namespace(namespace)
                .minReplicaAcks(minReplicaAcks)
                .build();
    }

    /** Of backends made from now on. */
    RedisCluster minReplicaAcks(int value) {
        minReplicaAcks = value;
        return this;
    }

    RedisAdvancedClusterCommands<String, String> commands() {
        return commands;
    }

    /** A name whose lock is at this server. */
    String nameAt(RedisURI server) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "name-" + i)
                .filter(name -> serverOf(name).getPort() == server.getPort())
                .findFirst()
                .orElseThrow();
    }

    int slotOf(String name) {
        return SlotHash.getSlot(keys.lock(name));
    }

    RedisURI serverOf(String name) {
        return client.getPartitions().getMasterBySlot(slotOf(name)).getUri();
    }

    RedisURI replicaOf(String name) {
        String master = client.getPartitions().getMasterBySlot(slotOf(name)).getNodeId();
        return client.getPartitions().stream()
                .filter(node -> master.equals(node.getSlaveOf()))
                .findFirst()
                .orElseThrow()
                .getUri();
    }

    /** For ACL: a user with the rights of the documentation. */
    CommandArgs<String, String> userOfLocks(String name) {
        String rights = "on >secret resetkeys ~{" + namespace + ":* resetchannels &{" + namespace
                + ":* +@connection +eval +evalsha +script|load +time +subscribe +unsubscribe +publish +config|get"
                + " +get +mget +set +del +exists +pttl +pexpire +zadd +zrange +zrem +zpopmin +cluster|nodes";
        CommandArgs<String, String> args =
                new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add(name);
        List.of(rights.split(" ")).forEach(args::add);
        return args;
    }

    /** Asks the servers anew who they are. */
    void look() {
        client.refreshPartitions();
    }

    /** The servers that have slots, as last asked. */
    List<RedisURI> masters() {
        return client.getPartitions().stream()
                .filter(node -> node.getRole() == Role.UPSTREAM && !node.hasNoSlots())
                .map(node -> node.getUri())
                .toList();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}

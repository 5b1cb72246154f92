package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.List;
import java.util.Optional;

/** What the namespace of a test has in Redis, read past the backends. */
final class Keyspace {

    private final String namespace;
    private final LockKeys keys;
    private final RedisClusterCommands<String, String> commands;

    /** @param commands to one server, or to those of a Cluster */
    Keyspace(String namespace, RedisClusterCommands<String, String> commands) {
        this.namespace = namespace;
        this.keys = new LockKeys(namespace);
        this.commands = commands;
    }

    /** Empty also where the name is kept and nobody has it. */
    Optional<String> holderOf(String name) {
        return Optional.ofNullable(commands.get(keys.lock(name)))
                .map(lock -> lock.substring(0, lock.indexOf(' ')))
                .filter(holder -> !holder.isEmpty());
    }

    boolean isHeldBy(LockClaim claim) {
        return holderOf(claim.name()).filter(claim.holder()::equals).isPresent();
    }

    /** Whether a claim stands in the queue of its lock. */
    boolean isQueued(LockClaim claim) {
        return commands.zrange(keys.handOff(claim.name())[2], 0, -1).stream()
                .anyMatch(waiting -> waiting.startsWith(claim.holder() + " "));
    }

    /** All keys but those that may stay: last tokens, markers and tombstones, if they end by themselves. */
    List<String> leftovers() {
        return commands.keys("{" + namespace + ":*").stream()
                .filter(key -> !(key.endsWith(":token") || key.endsWith(":marker") || key.contains("}:gone:"))
                        || commands.pttl(key) == -1)
                .toList();
    }
}

package io.distributedlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;

/** Of a hash slot, from the server that has it to another; a test can stop at each step. */
final class SlotMove {

    private final int slot;
    private final RedisCommands<String, String> from;
    private final RedisURI target;
    private final RedisCommands<String, String> to;

    /** @param target where the last argument is connected to */
    SlotMove(int slot, RedisCommands<String, String> from, RedisURI target, RedisCommands<String, String> to) {
        this.slot = slot;
        this.from = from;
        this.target = target;
        this.to = to;
    }

    void begin() {
        to.clusterSetSlotImporting(slot, from.clusterMyId());
        from.clusterSetSlotMigrating(slot, to.clusterMyId());
    }

    void keys() {
        for (String key : from.clusterGetKeysInSlot(slot, 100)) {
            assertThat(from.migrate(target.getHost(), target.getPort(), key, 0, 5_000))
                    .isEqualTo("OK");
        }
    }

    void end() {
        to.clusterSetSlotNode(slot, to.clusterMyId());
        from.clusterSetSlotNode(slot, to.clusterMyId());
    }

    void all() {
        begin();
        keys();
        end();
    }
}

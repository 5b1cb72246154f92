package io.distributedlock.redis;

import io.distributedlock.testkit.contract.BackendFixture;
import io.distributedlock.testkit.contract.LockBackendContract;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("topologies")
@DisplayName("The Redis backend that tells nobody of a grant before a replica has it")
class ReplicatedRedisLockBackendTest extends LockBackendContract {

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.own();

    @RegisterExtension
    static final RedisServerExtension REPLICA = RedisServerExtension.own();

    @Override
    protected BackendFixture newFixture() throws IOException {
        Redis redis = new Redis(SERVER.uri());
        try (Redis replica = new Redis(REPLICA.uri())) {
            replica.follow(redis);
        }
        return new RedisFixture(redis.minReplicaAcks(1), false);
    }
}

package io.distributedlock.redis;

import io.distributedlock.testkit.contract.BackendFixture;
import io.distributedlock.testkit.contract.LockBackendContract;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The Redis backend asked by threads that wait")
class InPlaceRedisLockBackendTest extends LockBackendContract {

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.onPath();

    @Override
    protected BackendFixture newFixture() throws IOException {
        return new RedisFixture(new Redis(SERVER.uri()), true);
    }
}

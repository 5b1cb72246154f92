package io.distributedlock.redis;

import io.distributedlock.testkit.contract.BackendFixture;
import io.distributedlock.testkit.contract.LockManagerContract;
import io.distributedlock.testkit.server.RedisServerExtension;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The engine over the installed Redis")
class InstalledRedisLockManagerTest extends LockManagerContract {

    @RegisterExtension
    static final RedisServerExtension SERVER = RedisServerExtension.onPath();

    @Override
    protected BackendFixture newFixture() throws IOException {
        return new RedisFixture(SERVER.uri());
    }
}

package io.distributedlock.redis;

import io.distributedlock.testkit.contract.BackendFixture;
import io.distributedlock.testkit.contract.LockBackendContract;
import io.distributedlock.testkit.server.RedisClusterExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("topologies")
@DisplayName("The Redis backend in a Cluster")
class ClusterRedisLockBackendTest extends LockBackendContract {

    @RegisterExtension
    static final RedisClusterExtension CLUSTER = new RedisClusterExtension(3);

    @Override
    protected BackendFixture newFixture() {
        return new ClusterFixture(new RedisCluster(CLUSTER.uris()));
    }
}

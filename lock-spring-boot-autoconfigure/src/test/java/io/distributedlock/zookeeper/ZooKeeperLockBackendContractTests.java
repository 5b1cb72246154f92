package io.distributedlock.zookeeper;

import io.distributedlock.testkit.contract.BackendFixture;
import io.distributedlock.testkit.contract.LockBackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperLockBackendContractTests extends LockBackendContract {

    private static ZooKeeperProcess server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = new ZooKeeperProcess(directory, 2000).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected BackendFixture newFixture() throws Exception {
        return new ZooKeeperFixture(server);
    }
}

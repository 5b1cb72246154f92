package io.distributedlock.testkit.contract;

import org.junit.jupiter.api.DisplayName;

@DisplayName("The in-memory backend")
class InMemoryLockBackendTest extends LockBackendContract {

    @Override
    protected BackendFixture newFixture() {
        return new InMemoryFixture();
    }
}

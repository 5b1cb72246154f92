package io.distributedlock.testkit.contract;

import org.junit.jupiter.api.DisplayName;

@DisplayName("The engine over the in-memory backend")
class InMemoryLockManagerTest extends LockManagerContract {

    @Override
    protected BackendFixture newFixture() {
        return new InMemoryFixture();
    }
}

package io.distributedlock.testkit.contract;

import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.LockBackend;
import org.junit.jupiter.api.BeforeEach;

/** A group of clauses; {@link LockBackendContract} nests them all. */
abstract class Clauses {

    private final LockBackendContract contract;

    Scene scene;
    LockBackend one;
    LockBackend two;
    String name;

    Clauses(LockBackendContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void enter() {
        scene = contract.scene();
        one = scene.fixture.one();
        two = scene.fixture.two();
        name = scene.name;
    }

    BackendCapabilities can() {
        return one.capabilities();
    }
}

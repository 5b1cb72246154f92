package io.distributedlock.testkit.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What applications get from the engine over a backend: run it for each backend, beside {@link LockBackendContract}. Two
 * instances of an application share the store of the fixture.
 */
@SuppressWarnings("ClassCanBeStatic") // nested tests share the instances of their outer instance
public abstract class LockManagerContract {

    private Instances instances;

    /** Made by JUnit, for each test. */
    protected LockManagerContract() {}

    /**
     * Connects two clients to the store.
     *
     * @return a fixture for one test; it is closed after it
     * @throws Exception if the store cannot be reached: the test fails
     */
    protected abstract BackendFixture newFixture() throws Exception;

    @BeforeEach
    final void openInstances() throws Exception {
        instances = new Instances(newFixture());
    }

    @AfterEach
    final void closeInstances() throws Exception {
        instances.close();
    }

    final Instances instances() {
        return instances;
    }

    @Nested
    @DisplayName("A lost lease")
    class Loss extends LossClauses {
        Loss() {
            super(LockManagerContract.this);
        }
    }

    @Nested
    @DisplayName("A caller that waits")
    class Callers extends CallerClauses {
        Callers() {
            super(LockManagerContract.this);
        }
    }

    @Nested
    @DisplayName("A call of no thread")
    class Calls extends CallClauses {
        Calls() {
            super(LockManagerContract.this);
        }
    }

    @Nested
    @DisplayName("A lease")
    class Leases extends LeaseClauses {
        Leases() {
            super(LockManagerContract.this);
        }
    }

    @Nested
    @DisplayName("A hand-off")
    class HandOffs extends HandOffClauses {
        HandOffs() {
            super(LockManagerContract.this);
        }
    }

    @Nested
    @DisplayName("A virtual thread")
    class VirtualThreads extends VirtualThreadClauses {
        VirtualThreads() {
            super(LockManagerContract.this);
        }
    }
}

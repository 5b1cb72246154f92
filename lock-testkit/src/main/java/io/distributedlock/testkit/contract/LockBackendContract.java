package io.distributedlock.testkit.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link io.distributedlock.spi.LockBackend} keeps, the hardest clauses first. Extend it, connect, and add
 * nothing:
 *
 * <pre>{@code
 * class MyLockBackendTest extends LockBackendContract {
 *
 *     @Override
 *     protected BackendFixture newFixture() {
 *         return new MyFixture();
 *     }
 * }
 * }</pre>
 *
 * <p>What a store cannot do, by its capabilities or by its fixture, is shown as skipped. After each test whatever it sent
 * is released, and nothing may be left in the store.
 */
@SuppressWarnings("ClassCanBeStatic") // nested tests share the scene of their outer instance
public abstract class LockBackendContract {

    private Scene scene;

    /** Made by JUnit, for each test. */
    protected LockBackendContract() {}

    /**
     * Connects two clients to the store.
     *
     * @return a fixture for one test; it is closed after it
     * @throws Exception if the store cannot be reached: the test fails
     */
    protected abstract BackendFixture newFixture() throws Exception;

    @BeforeEach
    final void openScene() throws Exception {
        scene = new Scene(newFixture());
    }

    @AfterEach
    final void closeScene() throws Exception {
        try (BackendFixture closing = scene.fixture) {
            scene.clean();
            scene.nothingIsLeft();
        }
    }

    final Scene scene() {
        return scene;
    }

    @Nested
    @DisplayName("A stale holder")
    class StaleHolder extends StaleHolderClauses {
        StaleHolder() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("An exclusive lock")
    class Exclusion extends ExclusionClauses {
        Exclusion() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("A renewal")
    class Renewing extends RenewalClauses {
        Renewing() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("A withdrawn claim")
    class Withdrawal extends WithdrawalClauses {
        Withdrawal() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("The same holder asking again")
    class SameHolder extends SameHolderClauses {
        SameHolder() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("Tokens")
    class Tokens extends TokenClauses {
        Tokens() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("The lease in a grant")
    class Deadline extends DeadlineClauses {
        Deadline() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("A release")
    class Releasing extends ReleaseClauses {
        Releasing() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("Waiting")
    class Waiting extends WaitingClauses {
        Waiting() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("A name that is taken for longer than its holder needs it")
    class Keep extends KeepClauses {
        Keep() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("A forced release")
    class ForceRelease extends ForceReleaseClauses {
        ForceRelease() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("An inspection")
    class Inspection extends InspectionClauses {
        Inspection() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("Names")
    class Names extends NameClauses {
        Names() {
            super(LockBackendContract.this);
        }
    }

    @Nested
    @DisplayName("Nothing is left behind")
    class Tidiness extends TidinessClauses {
        Tidiness() {
            super(LockBackendContract.this);
        }
    }
}

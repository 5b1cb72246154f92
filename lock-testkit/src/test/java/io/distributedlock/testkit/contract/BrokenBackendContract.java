package io.distributedlock.testkit.contract;

import java.time.Duration;

/** The contract of a backend that is broken on purpose. Not a test of its own: run by {@link ContractProofTest}. */
class BrokenBackendContract extends LockBackendContract {

    /** Engines run on the thread that starts them. */
    static final ThreadLocal<Flaw> FLAW = new ThreadLocal<>();

    @Override
    protected BackendFixture newFixture() {
        return new InMemoryFixture(FLAW.get().breaker) {

            @Override
            public Duration patience() {
                return Duration.ofMillis(1500);
            }

            @Override
            public int manyNames() {
                return 200;
            }

            @Override
            public int criticalSections() {
                return 300;
            }
        };
    }
}

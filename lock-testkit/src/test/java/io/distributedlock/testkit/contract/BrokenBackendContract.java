package io.distributedlock.testkit.contract;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** The contract of a backend that is broken on purpose. Not a test of its own: run by {@link ContractProofTest}. */
@ExtendWith(BrokenBackendContract.BreaksIt.class)
class BrokenBackendContract extends LockBackendContract {

    /** The configuration parameter that names what is broken. */
    static final String FLAW = "flaw";

    private Flaw flaw;

    static final class BreaksIt implements TestInstancePostProcessor {

        @Override
        public void postProcessTestInstance(Object instance, ExtensionContext context) {
            if (instance instanceof BrokenBackendContract contract) {
                contract.flaw =
                        Flaw.valueOf(context.getConfigurationParameter(FLAW).orElseThrow());
            }
        }
    }

    @Override
    protected BackendFixture newFixture() {
        return new InMemoryFixture(flaw.breaker) {

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

package io.distributedlock.testkit.contract;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** The reference store with a flaw, and little patience: many clauses fail only when that is over. */
final class BrokenFixture extends InMemoryFixture {

    /** The configuration parameter that names what is broken. */
    static final String FLAW = "flaw";

    /** A contract to be run with a flaw. */
    interface Breakable {
        void breakBy(Flaw flaw);
    }

    /** Tells a contract which flaw it is run with. */
    static final class BreaksIt implements TestInstancePostProcessor {

        @Override
        public void postProcessTestInstance(Object instance, ExtensionContext context) {
            if (instance instanceof Breakable contract) {
                contract.breakBy(
                        Flaw.valueOf(context.getConfigurationParameter(FLAW).orElseThrow()));
            }
        }
    }

    BrokenFixture(Flaw flaw) {
        super(flaw.breaker);
    }

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
}

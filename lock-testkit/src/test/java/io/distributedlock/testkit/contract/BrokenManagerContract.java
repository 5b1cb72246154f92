package io.distributedlock.testkit.contract;

import org.junit.jupiter.api.extension.ExtendWith;

/** The contract of an engine over a backend that is broken on purpose. Not a test of its own: run by {@link ContractProofTest}. */
@ExtendWith(BrokenFixture.BreaksIt.class)
class BrokenManagerContract extends LockManagerContract implements BrokenFixture.Breakable {

    private Flaw flaw;

    @Override
    public void breakBy(Flaw chosen) {
        flaw = chosen;
    }

    @Override
    protected BackendFixture newFixture() {
        return new BrokenFixture(flaw);
    }
}

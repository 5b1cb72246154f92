package io.distributedlock.testkit.contract;

import io.distributedlock.engine.LockEngine;
import org.junit.jupiter.api.BeforeEach;

/** A group of clauses; {@link LockManagerContract} nests them all. */
abstract class ManagerClauses {

    private final LockManagerContract contract;

    Instances both;
    LockEngine one;
    LockEngine two;
    String name;

    ManagerClauses(LockManagerContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void enter() {
        both = contract.instances();
        one = both.one;
        two = both.two;
        name = both.name;
    }
}

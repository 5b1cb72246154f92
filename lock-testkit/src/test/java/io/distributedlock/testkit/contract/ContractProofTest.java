package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The contract finds what it says it finds: each flaw fails its clauses and no others. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class ContractProofTest {

    /** They wait for leases and wait times to pass, and for what never comes. */
    private static final String CLAUSES_AT_A_TIME = "4";

    @ParameterizedTest
    @EnumSource
    void findsTheFlawAndNothingElse(Flaw flaw) {
        assertFails(selectClass(BrokenBackendContract.class), flaw, flaw.clauses);
    }

    /** An engine believes its store, so such a store makes it hand on what others got meanwhile. */
    @Test
    void findsAHandOffOfALostGrantAndNothingElse() {
        DiscoverySelector handOffs =
                selectNestedClass(List.of(BrokenManagerContract.class), LockManagerContract.HandOffs.class);
        assertFails(handOffs, Flaw.RENEWAL_WITHOUT_A_LOOK, Set.of("isNotOfALostGrant"));
    }

    /** Clauses about time can go either way where many proofs share a busy machine; the same thrice is no chance. */
    private static void assertFails(DiscoverySelector clauses, Flaw flaw, Set<String> expected) {
        Set<String> failed = failedClauses(clauses, flaw);
        for (int again = 0; again < 2 && !failed.equals(expected); again++) {
            failed = failedClauses(clauses, flaw);
        }
        assertThat(failed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Set<String> failedClauses(DiscoverySelector clauses, Flaw flaw) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(clauses)
                .configurationParameter(BrokenFixture.FLAW, flaw.name())
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", CLAUSES_AT_A_TIME)
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(ContractProofTest::clause)
                .filter(clause -> !flaw.byChance.contains(clause))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String clause(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(MethodSource.class::cast)
                .orElseThrow()
                .getMethodName();
    }
}

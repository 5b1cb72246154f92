package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The contract finds what it says it finds: each flaw fails its clauses and no others. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class ContractProofTest {

    /** They wait for leases and wait times to pass, and for what never comes. */
    private static final String CLAUSES_AT_A_TIME = "4";

    private static final int TIMES = 8;

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

    /**
     * Clauses about time can go either way where many proofs share a busy machine, so those that did not go as expected
     * are asked again, by themselves: what goes the same way {@link #TIMES} is no chance.
     */
    private static void assertFails(DiscoverySelector clauses, Flaw flaw, Set<String> expected) {
        Map<DiscoverySelector, Outcome> outcomes = run(flaw, Set.of(clauses));
        assertThat(outcomes.values()).extracting(Outcome::clause).containsAll(expected);
        Predicate<Outcome> asExpected = outcome -> outcome.isAsExpected(flaw, expected);
        outcomes.values().removeIf(asExpected);
        for (int times = 1; times < TIMES && !outcomes.isEmpty(); times++) {
            outcomes = run(flaw, outcomes.keySet());
            outcomes.values().removeIf(asExpected);
        }
        assertThat(outcomes.values()).isEmpty();
    }

    private record Outcome(String clause, TestExecutionResult result) {

        boolean isAsExpected(Flaw flaw, Set<String> expected) {
            boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
            return failed == expected.contains(clause) || flaw.byChance.contains(clause);
        }
    }

    private static Map<DiscoverySelector, Outcome> run(Flaw flaw, Set<DiscoverySelector> clauses) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(clauses.toArray(DiscoverySelector[]::new))
                .configurationParameter(BrokenFixture.FLAW, flaw.name())
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", CLAUSES_AT_A_TIME)
                .execute()
                .testEvents()
                .finished()
                .stream()
                .collect(Collectors.toMap(
                        event -> selectUniqueId(event.getTestDescriptor().getUniqueId()),
                        event -> new Outcome(clause(event), event.getRequiredPayload(TestExecutionResult.class))));
    }

    private static String clause(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(MethodSource.class::cast)
                .orElseThrow()
                .getMethodName();
    }
}

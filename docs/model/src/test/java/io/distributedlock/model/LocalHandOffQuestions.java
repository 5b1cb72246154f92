package io.distributedlock.model;

import java.util.List;

/** What is asked of LocalHandOff.tla. */
final class LocalHandOffQuestions {

    private static final String[] SAFE = {"OneBeliever", "StoreAgrees", "InRange", "NotStuck", "BoundedBypass"};
    private static final String[] STEPS = {"TokensGrow", "OnlyWaiters"};

    private LocalHandOffQuestions() {}

    static List<Question> all() {
        return List.of(
                built("two callers here, one elsewhere, an instance dies, a grant is late")
                        .where("Crashes", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties(STEPS),
                built("three callers here, one hand-off allowed")
                        .where("Crowd", 3)
                        .where("Limit", 1)
                        .invariants(SAFE)
                        .properties(STEPS),
                built("nobody waits for ever")
                        .specification("FairSpec")
                        .where("Crowd", 1)
                        .where("Crashes", 1)
                        .where("Overdue", 1)
                        .properties("Served"),
                built("nobody starves beside callers who come again and again")
                        .specification("CalmSpec")
                        .where("Calls", 0)
                        .where("Limit", 1)
                        .properties("Served"),
                built("without a limit, the callers of one instance starve the others")
                        .specification("CalmSpec")
                        .variant("Turns", "unlimited")
                        .where("Calls", 0)
                        .where("Limit", 1)
                        .mustBreakProperty("Served"),
                built("without a limit, the first at the store is passed over again and again")
                        .variant("Turns", "unlimited")
                        .where("Crowd", 3)
                        .where("Limit", 1)
                        .mustBreakInvariant("BoundedBypass"),
                built("a lease that is over and handed on has two holders")
                        .variant("HandOn", "over")
                        .mustBreakInvariant("OneBeliever"),
                built("a lease that is over and handed on has a token that is too old")
                        .variant("HandOn", "over")
                        .mustBreakProperty("TokensGrow"),
                built("a fence cannot tell two holders with one token apart")
                        .variant("Number", "same")
                        .mustBreakProperty("TokensGrow"),
                built("a lease that lives on after it was handed on has two holders")
                        .variant("End", "after")
                        .mustBreakInvariant("OneBeliever"),
                built("a lease given to a caller who has left is never released")
                        .variant("To", "first")
                        .mustBreakProperty("OnlyWaiters"));
    }

    static List<Question> nightly() {
        return List.of(
                built("each caller calls twice")
                        .where("Calls", 2)
                        .where("Limit", 1)
                        .invariants(SAFE)
                        .properties(STEPS),
                built("three instances, an instance dies, a grant is late")
                        .where("Instances", 3)
                        .where("Crashes", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties(STEPS),
                built("nobody waits for ever, two callers here")
                        .specification("FairSpec")
                        .where("Overdue", 1)
                        .properties("Served"));
    }

    /** As it is built; two instances, callers who call once, and no instance dies. */
    private static Question built(String about) {
        return Question.about("LocalHandOff", about)
                .where("Instances", 2)
                .where("Crowd", 2)
                .where("Others", 1)
                .where("Calls", 1)
                .where("Range", 3)
                .where("Limit", 2)
                .where("Crashes", 0)
                .where("Overdue", 0)
                .variant("HandOn", "held")
                .variant("Number", "next")
                .variant("End", "first")
                .variant("To", "waiting")
                .variant("Turns", "limited");
    }
}

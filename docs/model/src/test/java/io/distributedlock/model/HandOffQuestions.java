package io.distributedlock.model;

import java.util.List;

/** What is asked of HandOff.tla. */
final class HandOffQuestions {

    private static final String[] SAFE = {"OneBeliever", "StoreAgrees", "NothingLeft", "NotStuck"};

    private HandOffQuestions() {}

    static List<Question> all() {
        return List.of(
                built("two clients, everything may go wrong once")
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("claims one after the other, a command connection breaks")
                        .where("Claims", 2)
                        .where("Breaks", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("three clients, an inbox breaks, a grant is late")
                        .where("Clients", "{a, b, c}")
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("nobody waits for ever, nothing stays in the store")
                        .specification("FairSpec")
                        .where("Crashes", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .properties("Served", "Forgotten"),
                built("nobody may ask who listens")
                        .variant("Heard", "unknown")
                        .where("Crashes", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("the lock moves, a process dies, an inbox breaks, a grant is late")
                        .where("Crashes", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("the lock moves, a command connection breaks")
                        .where("Breaks", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("nobody waits for ever, nothing stays in the store")
                        .specification("FairSpec")
                        .where("Crashes", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .properties("Served", "Forgotten"),
                cluster("messages alone suffice where none is lost")
                        .specification("FairSpec")
                        .variant("Look", "never")
                        .properties("Served", "Forgotten"),
                built("a waiter that looks takes a free lock itself: safe, but not fair")
                        .variant("Look", "self")
                        .where("Crashes", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("a lease counted from the arrival of its message has two holders")
                        .variant("Believe", "arrival")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .mustBreakInvariant("OneBeliever"),
                built("a lease counted from the arrival of its message has a token that is too old")
                        .variant("Believe", "arrival")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .mustBreakProperty("TokensGrow"),
                built("without asking again, a lost message leaves the lock lying")
                        .variant("Look", "never")
                        .where("Deaf", 1)
                        .mustBreakInvariant("NotStuck"),
                built("without asking again, a waiter waits for ever")
                        .specification("FairSpec")
                        .variant("Look", "never")
                        .where("Deaf", 1)
                        .mustBreakProperty("Served"),
                built("a grant undone after its message was heard at a replica")
                        .variant("Heard", "undo")
                        .where("Clients", "{a, b, c}")
                        .where("Deaf", 1)
                        .mustBreakInvariant("OneBeliever"),
                built("without tombstones a late request brings back a claim that has ended")
                        .variant("Tombstone", "none")
                        .where("Claims", 2)
                        .mustBreakInvariant("NothingLeft"),
                built("a release needs a tombstone too")
                        .variant("Tombstone", "withdrawn")
                        .where("Claims", 2)
                        .where("Breaks", 1)
                        .mustBreakInvariant("NothingLeft"),
                built("a message given back takes the lock from the claim that has it by the answer")
                        .variant("Unknown", "return")
                        .mustBreakInvariant("StoreAgrees"),
                cluster("a lease counted by the clocks of two servers has two holders")
                        .variant("Believe", "bounded")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .mustBreakInvariant("OneBeliever")
                        .symmetric(),
                cluster("a message confirmed by its claim alone tells another token than the store has")
                        .variant("Believe", "holder")
                        .where("Overdue", 1)
                        .mustBreakInvariant("StoreAgrees"),
                cluster("a message confirmed by its claim alone has a token that is too old")
                        .variant("Believe", "holder")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .mustBreakProperty("TokensGrow")
                        .symmetric(),
                cluster("a message that is missed during a request leaves its waiter waiting")
                        .specification("FairSpec")
                        .variant("Believe", "missed")
                        .variant("Look", "never")
                        .mustBreakProperty("Served"),
                cluster("without asking again, a grant to the dead leaves the lock lying")
                        .variant("Look", "never")
                        .where("Crashes", 1)
                        .mustBreakInvariant("NotStuck"));
    }

    static List<Question> nightly() {
        return List.of(
                built("three clients, everything may go wrong once")
                        .where("Clients", "{a, b, c}")
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("claims one after the other, everything may go wrong once")
                        .where("Claims", 2)
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                built("nobody waits for ever, everything may go wrong once")
                        .specification("FairSpec")
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .properties("Served", "Forgotten"),
                built("none of three waits for ever")
                        .specification("FairSpec")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .properties("Served", "Forgotten"),
                cluster("two clients, everything may go wrong once")
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("three clients, a grant is late, the lock moves")
                        .where("Clients", "{a, b, c}")
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("claims one after the other, everything may go wrong once")
                        .where("Claims", 2)
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .invariants(SAFE)
                        .properties("TokensGrow")
                        .symmetric(),
                cluster("nobody waits for ever, everything may go wrong once")
                        .specification("FairSpec")
                        .where("Crashes", 1)
                        .where("Breaks", 1)
                        .where("Deaf", 1)
                        .where("Overdue", 1)
                        .where("Moves", 1)
                        .properties("Served", "Forgotten"));
    }

    /** For Redis Cluster: nobody knows who listens, and a message is no grant. */
    private static Question cluster(String about) {
        return built("Cluster: " + about).variant("Heard", "unknown").variant("Believe", "answer");
    }

    /** As it is built; two clients with one claim each, and nothing goes wrong. */
    private static Question built(String about) {
        return Question.about("HandOff", about)
                .where("Clients", "{a, b}")
                .where("Claims", 1)
                .where("Crashes", 0)
                .where("Breaks", 0)
                .where("Deaf", 0)
                .where("Overdue", 0)
                .where("Moves", 0)
                .variant("Believe", "bounded")
                .variant("Look", "head")
                .variant("Heard", "ask")
                .variant("Tombstone", "always")
                .variant("Unknown", "ignore");
    }
}

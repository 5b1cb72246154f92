package io.distributedlock.memory;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** One claim in the queue of a lock. The same claim may have been sent several times; each sending is an ask. */
final class Waiter {

    /** A sending of the claim, with its own wait time. */
    record Ask(CompletableFuture<Optional<LockGrant>> answer, Future<?> timeout) {}

    final LockClaim claim;
    final InMemoryLockBackend client;
    private final List<Ask> asks = new ArrayList<>(1);

    Waiter(LockClaim claim, InMemoryLockBackend client) {
        this.claim = claim;
        this.client = client;
    }

    void add(Ask ask) {
        asks.add(ask);
    }

    /** Forgets an ask whose wait time is over. */
    void timedOut(CompletableFuture<Optional<LockGrant>> answer) {
        asks.removeIf(ask -> ask.answer() == answer);
    }

    boolean hasGivenUp() {
        return asks.isEmpty();
    }

    void answer(Optional<LockGrant> outcome, Answers answers) {
        for (Ask ask : asks) {
            ask.timeout().cancel(false);
            answers.add(ask.answer(), outcome);
        }
        asks.clear();
    }
}

package io.distributedlock.engine;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes the locks of a call one after another, each on the thread that answers for the one before. */
final class AsyncCall implements LockCall {

    private final GroupOfTerms wanted;

    /** What it re-enters, and what it has taken. */
    private final List<LeaseHandle> held;

    private final Calls calls;
    private final Claims claims;
    private final CompletableFuture<LeaseGroup> granted = new CompletableFuture<>();

    /** Of one thread at a time, until granted: who is answered goes on. */
    private final List<LeaseHandle> taken = new ArrayList<>();

    private volatile @Nullable CompletableFuture<LeaseHandle> waiting;

    /** @param held by the thread that starts it */
    AsyncCall(GroupOfTerms wanted, List<LeaseHandle> held, Calls calls, Claims claims) {
        this.wanted = wanted;
        this.held = new ArrayList<>(held);
        this.calls = calls;
        this.claims = claims;
        granted.whenComplete((leases, failure) -> {
            CompletableFuture<LeaseHandle> claim = waiting;
            if (claim != null) {
                claim.cancel(false);
            }
        });
    }

    void claimNext() {
        try {
            while (taken.size() < wanted.terms().size() && !granted.isDone()) {
                Terms terms = wanted.withinTime(wanted.terms().get(taken.size()));
                ActiveLease lease = calls.reentered(CallContext.of(held), terms);
                if (lease == null) {
                    claim(terms);
                    return;
                }
                taken.add(LeaseHandle.ofCall(lease, calls));
            }
            held.addAll(taken);
            if (!granted.complete(HandleGroup.of(taken))) {
                HandleGroup.giveBack(taken);
            }
        } catch (Throwable e) { // whoever is to be told of it waits for nothing else
            fail(e);
        }
    }

    private void claim(Terms terms) {
        CompletableFuture<LeaseHandle> claim = claims.async(terms, lease -> LeaseHandle.ofCall(lease, calls));
        waiting = claim;
        if (granted.isDone()) {
            claim.cancel(false);
        }
        claim.whenComplete((handle, failure) -> {
            if (handle == null) {
                fail(Failures.unwrap(failure));
            } else {
                taken.add(handle);
                claimNext();
            }
        });
    }

    private void fail(Throwable cause) {
        granted.completeExceptionally(cause);
        HandleGroup.giveBack(taken);
    }

    @Override
    public CompletableFuture<LeaseGroup> granted() {
        return granted;
    }

    @Override
    public Scope enter() {
        if (!granted.isDone()) {
            throw new IllegalStateException("A call can be entered when its locks are granted; wait for granted()");
        }
        return Entry.to(CallContext.of(held));
    }

    /** Each thread that works for it has a context of its own: what one takes, the others do not re-enter. */
    private record Entry(@Nullable CallContext before) implements Scope {

        static Entry to(@Nullable CallContext context) {
            Entry entry = new Entry(CallContext.ofThread());
            CallContext.setOfThread(context);
            return entry;
        }

        @Override
        public Scope leave() {
            return to(before);
        }

        @Override
        public void close() {
            CallContext.setOfThread(before);
        }
    }
}

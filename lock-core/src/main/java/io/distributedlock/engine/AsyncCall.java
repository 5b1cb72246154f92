package io.distributedlock.engine;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockCall;
import io.distributedlock.LockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes the locks of a call one after another, each on the thread that answers for the one before. */
final class AsyncCall implements LockCall {

    private final GroupOfTerms wanted;
    private final CallContext context;
    private final Calls calls;
    private final Claims claims;
    private final CompletableFuture<LeaseGroup> granted = new CompletableFuture<>();

    /** Of one thread at a time: who is answered goes on. */
    private final List<LeaseHandle> taken = new ArrayList<>();

    private volatile @Nullable CompletableFuture<LeaseHandle> waiting;

    AsyncCall(GroupOfTerms wanted, CallContext context, Calls calls, Claims claims) {
        this.wanted = wanted;
        this.context = context;
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
                ActiveLease held = calls.reentered(context, terms);
                if (held == null) {
                    claim(terms);
                    return;
                }
                taken.add(LeaseHandle.ofCall(held, calls, context));
            }
            if (!granted.complete(HandleGroup.of(taken))) {
                giveBack();
            }
        } catch (LockException e) {
            fail(e);
        }
    }

    private void claim(Terms terms) {
        CompletableFuture<LeaseHandle> claim = claims.async(terms, lease -> LeaseHandle.ofCall(lease, calls, context));
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
        giveBack();
    }

    private void giveBack() {
        for (int i = taken.size() - 1; i >= 0; i--) {
            taken.get(i).release();
        }
    }

    @Override
    public CompletableFuture<LeaseGroup> granted() {
        return granted;
    }

    @Override
    public Scope enter() {
        CallContext before = CallContext.ofThread();
        CallContext.setOfThread(context);
        return () -> CallContext.setOfThread(before);
    }
}

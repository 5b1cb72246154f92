package io.distributedlock.engine;

import io.distributedlock.HolderInfo;
import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the calls of this engine hold. Re-entry is decided here, by the open handles of a call, never in the store. */
final class Calls {

    private final EngineParts parts;
    private final Claims claims;
    private final Predicate<Lease> closeHook;

    /** Of this engine, not of the class: it says who this instance is. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable HolderInfo> caller = new ThreadLocal<>();

    Calls(EngineParts parts, Claims claims, Predicate<Lease> closeHook) {
        this.parts = parts;
        this.claims = claims;
        this.closeHook = closeHook;
    }

    Terms complete(LockRequest request) {
        return parts.settings().complete(request, caller());
    }

    /** The same for all leases of a thread, unless it has got another name. */
    private HolderInfo caller() {
        String thread = Thread.currentThread().getName();
        HolderInfo known = caller.get();
        if (known == null || !known.thread().equals(thread)) {
            known = parts.settings().holder(thread);
            caller.set(known);
        }
        return known;
    }

    LeaseHandle take(Terms terms) {
        ActiveLease lease = reentered(CallContext.ofThread(), terms);
        return LeaseHandle.ofThread(lease == null ? claims.await(terms) : lease, this);
    }

    /** @return {@code null} when this call does not hold the lock, and has to claim it */
    @Nullable
    ActiveLease reentered(@Nullable CallContext call, Terms terms) {
        LeaseHandle outer =
                call == null ? null : call.innermost(terms.name(), this).orElse(null);
        return outer != null && outer.lease().reenter(terms) ? outer.lease() : null;
    }

    List<LeaseHandle> takeAll(Collection<LockRequest> requests) {
        GroupOfTerms group = GroupOfTerms.of(requests, this::complete, parts);
        List<LeaseHandle> taken = new ArrayList<>();
        try {
            group.terms().forEach(terms -> taken.add(take(group.withinTime(terms))));
        } catch (RuntimeException e) {
            HandleGroup.giveBack(taken);
            throw e;
        }
        return taken;
    }

    AsyncCall start(Collection<LockRequest> requests) {
        AsyncCall call = new AsyncCall(
                GroupOfTerms.of(requests, this::complete, parts), CallContext.heldByThread(), this, claims);
        call.claimNext();
        return call;
    }

    Optional<LeaseHandle> current(String name) {
        CallContext call = CallContext.ofThread();
        return call == null ? Optional.empty() : call.innermost(name, this);
    }

    Optional<LeaseHandle> current() {
        CallContext call = CallContext.ofThread();
        return call == null ? Optional.empty() : call.innermost(this);
    }

    List<LeaseHandle> currentAll() {
        CallContext call = CallContext.ofThread();
        return call == null ? List.of() : call.innermostOfEach(this);
    }

    Optional<LeaseHandle> handleToUnlock(String name) {
        CallContext call = CallContext.ofThread();
        return call == null ? Optional.empty() : call.innermostOpen(name, this);
    }

    /** Whether who gives a lock back gets the store's answer. */
    boolean awaitsReleases() {
        return parts.settings().release() == ReleaseMode.CONFIRMED;
    }

    /** Asked once by each handle that is closed. */
    boolean leavesToTransaction(Lease handle) {
        return closeHook.test(handle);
    }
}

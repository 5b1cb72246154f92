package io.distributedlock.aop;

import io.distributedlock.Lease;
import io.distributedlock.fencing.Fence;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Enters the fence of each lock of a method as the first thing that happens in its transaction. So this stands behind all
 * other advice, and refuses to run a method of which that is not true.
 */
public final class FenceInterceptor implements MethodInterceptor {

    private final LockedMethods methods;
    private final CommitCheck commits;
    private final ObjectProvider<Fence> fence;
    private final Supplier<String> namespace;

    /**
     * Made once per application.
     *
     * @param methods answers how a method is locked
     * @param commits knows the leases of a call, and since when its transaction runs
     * @param fence keeps the marks
     * @param namespace of the locks, as it stands before their names in the marks
     */
    public FenceInterceptor(
            LockedMethods methods, CommitCheck commits, ObjectProvider<Fence> fence, Supplier<String> namespace) {
        this.methods = methods;
        this.commits = commits;
        this.fence = fence;
        this.namespace = namespace;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        LockedMethod locked = methods.of(
                call.getMethod(), AopUtils.getTargetClass(Objects.requireNonNull(call.getThis(), "no bean")));
        if (locked == null || !locked.isFencedInTransaction()) {
            return call.proceed();
        }
        CallUnderLock held = CallUnderLock.innermost();
        if (held == null || !held.locked().equals(locked)) {
            throw refused(locked, "its locks were not taken", "Let no advice call it but through its proxy");
        }
        Fence marks = fence.getObject();
        if (!marks.joinsTransaction()) {
            throw refused(
                    locked,
                    "no transaction of the fence's DataSource is active, so that a mark would be final at once",
                    "Use the transaction manager of that DataSource, by @Transactional(\"…\")");
        }
        // In one order for all who enter several, so that they do not wait for each other.
        List<Lease> leases =
                held.leases().stream().sorted(Comparator.comparing(Lease::name)).toList();
        for (Lease lease : leases) {
            if (!commits.hasTransactionBegunUnder(lease)) {
                throw refused(
                        locked,
                        "its transaction began before it had lock '%s', and what that has read may be out of date"
                                .formatted(lease.name()),
                        "Call it outside of transactions, or let it run in its own (REQUIRES_NEW)");
            }
            marks.enter(Fence.resourceOf(namespace.get(), lease.name()), lease);
        }
        return call.proceed();
    }

    private static IllegalStateException refused(LockedMethod locked, String problem, String mend) {
        return new IllegalStateException("guarantee = CORRECTNESS on %s: the method was not run: %s. %s."
                .formatted(InvalidLockException.describe(locked.method()), problem, mend));
    }
}

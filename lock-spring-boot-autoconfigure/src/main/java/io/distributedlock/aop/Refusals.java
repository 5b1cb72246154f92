package io.distributedlock.aop;

import io.distributedlock.LockMode;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;
import org.springframework.core.KotlinDetector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** What annotations may not ask for: what this version cannot do yet, and what contradicts itself. */
final class Refusals {

    /** Known by name, as the library they come from need not be there; by these a bean is called, not its proxy. */
    private static final List<String> LIFECYCLE =
            List.of("jakarta.annotation.PostConstruct", "jakarta.annotation.PreDestroy");

    private final Method method;
    private final AnswerType answer;

    Refusals(Method method, AnswerType answer) {
        this.method = method;
        this.answer = answer;
    }

    void check(List<DistributedLock> locks) {
        locks.forEach(this::checkAvailable);
        checkReturnType(locks);
        checkLifecycle();
        checkGroup(locks);
        checkContention(locks.get(0));
    }

    private void checkAvailable(DistributedLock lock) {
        if (lock.name().length == 0) {
            throw new InvalidLockException(method, "it has no name", "Say what is locked, like \"order:#{#id}\"");
        }
        if (lock.mode() != LockMode.EXCLUSIVE) {
            throw notYet("mode = " + lock.mode(), "Remove it: an exclusive lock keeps more calls out, never fewer");
        }
        if (lock.permits() != 0) {
            throw notYet("permits = " + lock.permits(), "Remove it: an exclusive lock admits one call at a time");
        }
        new Correctness(method).check(lock);
    }

    private void checkReturnType(List<DistributedLock> locks) {
        if (answer == AnswerType.UNKNOWN) {
            throw new InvalidLockException(
                    method,
                    "nobody here would know when the work of the return type %s is done, until which the lock has to be held"
                            .formatted(AnswerType.valueOf(method).getSimpleName()),
                    KotlinDetector.isSuspendingFunction(method)
                            ? "Add org.jetbrains.kotlinx:kotlinx-coroutines-reactor, and let what returns a Flow not be a suspend function"
                            : "Return a CompletionStage, CompletableFuture, Mono or Flux. Or: "
                                    + AsynchronousTypes.MEND);
        }
        boolean onOneThread = answer == AnswerType.VALUE || answer == AnswerType.AWAITED;
        if (!onOneThread && locks.stream().anyMatch(Correctness::isInTransaction)) {
            throw new InvalidLockException(
                    method,
                    "guarantee = CORRECTNESS enters a fence in the transaction of one thread, and the work of this method"
                            + " goes on after it has returned",
                    "Return a plain value, or set fencing = MANUAL and enter a Fence in the method");
        }
    }

    private void checkLifecycle() {
        for (String annotation : LIFECYCLE) {
            if (AnnotatedElementUtils.isAnnotated(method, annotation)) {
                throw new InvalidLockException(
                        method,
                        "as @%s it is called on the bean itself, not through the proxy that locks"
                                .formatted(ClassUtils.getShortName(annotation)),
                        "Lock a method of another bean and call it from here, or use LockManager.withLock()");
            }
        }
    }

    private void checkGroup(List<DistributedLock> locks) {
        checkEqual(locks, "waitTime", DistributedLock::waitTime);
        checkEqual(locks, "onContention", DistributedLock::onContention);
        checkEqual(locks, "fallback", DistributedLock::fallback);
        checkEqual(locks, "onLoss", DistributedLock::onLoss);
        checkEqual(locks, "guarantee", DistributedLock::guarantee);
        checkEqual(locks, "fencing", DistributedLock::fencing);
        checkEqual(locks, "manager", DistributedLock::manager);
        checkEqual(locks, "minHoldTime", DistributedLock::minHoldTime);
        checkEqual(locks, "maxHoldTime", DistributedLock::maxHoldTime);
    }

    private void checkEqual(List<DistributedLock> locks, String attribute, Function<DistributedLock, Object> value) {
        List<Object> values = locks.stream().map(value).distinct().toList();
        if (values.size() > 1) {
            throw new InvalidLockException(
                    method,
                    "its annotations are taken together, but differ in %s: %s".formatted(attribute, values),
                    "Give all of them the same " + attribute);
        }
    }

    private void checkContention(DistributedLock lock) {
        if (lock.onContention() == OnContention.SKIP && !AnswerType.canBeNull(method)) {
            Class<?> type = AnswerType.valueOf(method);
            throw new InvalidLockException(
                    method,
                    "with onContention = SKIP a skipped call answers null, which '%s' cannot be here"
                            .formatted(type.getSimpleName()),
                    "Return '%s' (Kotlin: with a '?') or an Optional, or use THROW or FALLBACK"
                            .formatted(
                                    ClassUtils.resolvePrimitiveIfNecessary(type).getSimpleName()));
        }
        if (lock.onContention() != OnContention.FALLBACK && !lock.fallback().isEmpty()) {
            throw new InvalidLockException(
                    method,
                    "fallback = \"%s\" is never called with onContention = %s"
                            .formatted(lock.fallback(), lock.onContention()),
                    "Set onContention = FALLBACK, or remove the fallback");
        }
    }

    private InvalidLockException notYet(String what, String mend) {
        return new InvalidLockException(method, what + " is not available in this version", mend);
    }
}

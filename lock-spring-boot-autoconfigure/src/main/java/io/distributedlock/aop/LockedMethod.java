package io.distributedlock.aop;

import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.annotation.OnLoss;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.expression.EvaluationContext;

/** A method with its annotations, read and checked once. */
final class LockedMethod {

    private static final Map<Class<?>, Object> EMPTY = Map.of(
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            OptionalLong.class, OptionalLong.empty(),
            OptionalDouble.class, OptionalDouble.empty());

    private final Method method;
    private final DistributedLock group;
    private final List<LockDeclaration> declarations;
    private final MethodExpressions expressions;
    private final @Nullable Fallback fallback;
    private final AnswerType answer;
    private final AtomicBoolean calledInTransaction = new AtomicBoolean();

    /** Reads annotations, of which there is at least one, or throws {@link InvalidLockException}. */
    LockedMethod(
            Method method, Class<?> targetClass, List<DistributedLock> locks, ConfigurableBeanFactory beanFactory) {
        this.answer = AnswerType.of(method, targetClass);
        new Refusals(method, answer).check(locks);
        this.method = method;
        this.group = locks.get(0);
        this.expressions = new MethodExpressions(method, beanFactory);
        try {
            this.declarations = locks.stream()
                    .map(lock -> LockDeclaration.read(lock, expressions))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new InvalidLockException(
                    InvalidLockException.describe(method), String.valueOf(e.getMessage()), "Correct the annotation", e);
        }
        this.fallback = group.onContention() == OnContention.FALLBACK
                ? Fallback.find(group.fallback(), method, targetClass)
                : null;
    }

    String manager() {
        return group.manager();
    }

    Method method() {
        return method;
    }

    AnswerType answer() {
        return answer;
    }

    boolean throwsOnLoss() {
        return group.onLoss() != OnLoss.IGNORE;
    }

    boolean interruptsOnLoss() {
        return group.onLoss() == OnLoss.INTERRUPT;
    }

    /** Whether the library enters a fence for it, in its transaction. */
    boolean isFencedInTransaction() {
        return Correctness.isInTransaction(group);
    }

    /** Whether it has to enter a fence by itself. */
    boolean isFencedByItself() {
        return group.guarantee() == Guarantee.CORRECTNESS && group.fencing() == Fencing.MANUAL;
    }

    boolean skipsAndKeeps() {
        return group.onContention() == OnContention.SKIP
                && declarations.stream().allMatch(LockDeclaration::hasMinHoldTime);
    }

    /** Refuses to keep a lock for longer than the manager's default lets it be held: each call would fail. */
    void checkMinHoldTime(Duration defaultMaxHoldTime) {
        declarations.stream()
                .map(LockDeclaration::times)
                .filter(times ->
                        times.maxHoldTime() == null && times.minHoldTime().compareTo(defaultMaxHoldTime) > 0)
                .findFirst()
                .ifPresent(times -> {
                    throw new InvalidLockException(
                            method,
                            "its minHoldTime of %s is longer than the lock.max-hold-time of %s"
                                    .formatted(times.minHoldTime(), defaultMaxHoldTime),
                            "Set a longer maxHoldTime on the method, or a shorter minHoldTime");
                });
    }

    boolean isFirstCallInTransaction() {
        return !calledInTransaction.getAndSet(true);
    }

    /**
     * What one call needs, each name once; empty when every condition says no. Evaluated before the method runs, and only
     * then: it may change what its arguments hold.
     *
     * @param bypassed is told the declared names that the conditions said no to
     */
    List<LockRequest> requests(Object target, @Nullable Object[] arguments, Consumer<String> bypassed) {
        EvaluationContext call = expressions.call(target, arguments);
        Map<String, LockRequest> byName = new LinkedHashMap<>();
        try {
            for (LockDeclaration declaration : declarations) {
                if (declaration.applies(call)) {
                    declaration.requests(call).forEach(request -> byName.putIfAbsent(request.name(), request));
                } else {
                    declaration.templates().forEach(bypassed);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "@DistributedLock on %s: %s".formatted(InvalidLockException.describe(method), e.getMessage()), e);
        }
        return List.copyOf(byName.values());
    }

    /** What a call answers when others kept the lock. */
    @Nullable
    Object contended(MethodInvocation call, LockNotAcquiredException cause) throws Throwable {
        if (fallback != null) {
            return fallback.run(call, cause);
        }
        if (group.onContention() == OnContention.SKIP) {
            return EMPTY.get(method.getReturnType());
        }
        throw cause;
    }
}

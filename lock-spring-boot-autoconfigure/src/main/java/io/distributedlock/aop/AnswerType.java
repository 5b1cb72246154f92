package io.distributedlock.aop;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;

/** How a method tells that its work is done. */
enum AnswerType {

    /** By returning. */
    VALUE,

    /** By completing the future that it returns. */
    FUTURE,

    /** By completing the future that it returns, for which its own thread waits. */
    AWAITED,

    /** By ending a stream of at most one element, which begins when somebody subscribes. Coroutines come as these, too. */
    ONE,

    /** By ending a stream. */
    MANY,

    /** Not at all, or nobody here knows how. */
    UNKNOWN;

    private static final boolean HAS_REACTOR =
            ClassUtils.isPresent("reactor.core.publisher.Flux", AnswerType.class.getClassLoader());

    private static final boolean HAS_COROUTINES_OF_REACTOR =
            ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", AnswerType.class.getClassLoader());

    private static final String FLOW = "kotlinx.coroutines.flow.Flow";

    /** @param targetClass of the bean: it may declare the method, or inherit it */
    static AnswerType of(Method method, Class<?> targetClass) {
        if (KotlinDetector.isSuspendingFunction(method)) {
            // Where a flow is suspended before, and where it is collected, are two coroutines.
            return HAS_COROUTINES_OF_REACTOR && !valueOf(method).getName().equals(FLOW) ? ONE : UNKNOWN;
        }
        Class<?> type = method.getReturnType();
        if (CompletionStage.class.isAssignableFrom(type) || type == Future.class) {
            return isAsync(method) || isAsync(targetClass) ? AWAITED : ofFuture(type);
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
        if (adapter != null && HAS_REACTOR && canBeMade(type, adapter)) {
            return adapter.isMultiValue() ? MANY : ONE;
        }
        return AsynchronousTypes.contain(type) ? UNKNOWN : VALUE;
    }

    private static AnswerType ofFuture(Class<?> type) {
        return type != Future.class && type.isAssignableFrom(CompletableFuture.class) ? FUTURE : UNKNOWN;
    }

    /** What is under way already when it is returned does not end when the adapted one is cancelled. */
    private static boolean canBeMade(Class<?> type, ReactiveAdapter adapter) {
        return adapter.getDescriptor().isDeferred() && type.isAssignableFrom(adapter.getReactiveType());
    }

    private static boolean isAsync(AnnotatedElement element) {
        return AnnotatedElementUtils.hasAnnotation(element, Async.class);
    }

    /** What callers of a method get, as the source has it: a suspend function's own return type is the compiler's. */
    static Class<?> valueOf(Method method) {
        return KotlinDetector.isSuspendingFunction(method)
                ? new MethodParameter(method, -1).getParameterType()
                : method.getReturnType();
    }

    static boolean canBeNull(Method method) {
        Class<?> type = valueOf(method);
        if (KotlinDetector.isSuspendingFunction(method)) {
            return new MethodParameter(method, -1).isOptional() || type == void.class;
        }
        return !type.isPrimitive() || type == void.class;
    }

    /** Whether its work is a coroutine. */
    static boolean isOfCoroutine(Method method) {
        return KotlinDetector.isSuspendingFunction(method)
                || method.getReturnType().getName().equals(FLOW);
    }
}

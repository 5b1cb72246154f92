package io.distributedlock.aop;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
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

    static AnswerType of(Method method) {
        if (KotlinDetector.isSuspendingFunction(method)) {
            return HAS_COROUTINES_OF_REACTOR ? ofSuspending(method) : UNKNOWN;
        }
        Class<?> type = method.getReturnType();
        if (CompletionStage.class.isAssignableFrom(type)) {
            return type.isAssignableFrom(CompletableFuture.class) ? FUTURE : UNKNOWN;
        }
        if (type == Future.class) {
            return runsOnItsOwnThread(method) ? FUTURE : UNKNOWN;
        }
        var adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
        if (adapter != null && HAS_REACTOR) {
            return adapter.isMultiValue() ? MANY : ONE;
        }
        return AsynchronousTypes.contain(type) ? UNKNOWN : VALUE;
    }

    private static AnswerType ofSuspending(Method method) {
        return new MethodParameter(method, -1).getParameterType().getName().equals(FLOW) ? MANY : ONE;
    }

    /** Whether its work is a coroutine. */
    static boolean isOfCoroutine(Method method) {
        return KotlinDetector.isSuspendingFunction(method)
                || method.getReturnType().getName().equals(FLOW);
    }

    /** Whether the thread that calls it is there for this call alone, and may wait. */
    static boolean runsOnItsOwnThread(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class);
    }
}

package io.distributedlock.aop;

import java.util.Objects;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.reactor.ReactorFlowKt;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.KotlinDetector;
import reactor.core.publisher.Flux;

/** Kotlin's way to say that work goes on: suspend functions, and flows. */
final class Coroutines {

    private Coroutines() {}

    /** Runs a suspend function, or one that returns a flow, with an element in the context of its coroutine. */
    static Publisher<?> proceed(ProxyMethodInvocation call, CoroutineElement element) throws Throwable {
        if (!KotlinDetector.isSuspendingFunction(call.getMethod())) {
            return WorkUnderLocks.proceedElsewhere(call.invocableClone()) instanceof Flow<?> flow
                    ? ReactorFlowKt.asFlux(flow, element)
                    : Flux.empty();
        }
        @Nullable Object[] arguments = call.getArguments().clone();
        int last = arguments.length - 1;
        Continuation<?> continuation = (Continuation<?>) Objects.requireNonNull(arguments[last], "no continuation");
        arguments[last] =
                new WithElement<>(continuation, continuation.getContext().plus(element));
        // Spring makes a stream of it.
        return (Publisher<?>) Objects.requireNonNull(
                WorkUnderLocks.proceedElsewhere(call.invocableClone(arguments)), "a stream of its answer");
    }

    private record WithElement<T>(Continuation<T> continuation, CoroutineContext context) implements Continuation<T> {

        @Override
        public CoroutineContext getContext() {
            return context;
        }

        @Override
        public void resumeWith(Object result) {
            continuation.resumeWith(result);
        }
    }
}

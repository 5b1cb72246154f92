package io.distributedlock.aop;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * A method that answers a {@code Mono}, a {@code Flux} or what Spring can make of these, coroutines included: each subscription
 * is a call of its own, with its own claim, and runs the method when that is granted.
 */
record ReactiveCall(
        LockedInvocation invocation, @Nullable SurroundingTransaction transaction, Losses losses, Executor threads) {

    @Nullable
    Object run() {
        Flux<Object> answers = Flux.deferContextual(this::subscribed);
        Publisher<Object> publisher =
                invocation.locked().answer() == AnswerType.ONE ? answers.singleOrEmpty() : answers;
        if (KotlinDetector.isSuspendingFunction(invocation.method())) {
            return publisher; // the proxy makes of it what the function declares
        }
        return adapter(invocation.method().getReturnType()).fromPublisher(publisher);
    }

    /** What the method, or another in its place, has returned. */
    Publisher<Object> publisher(@Nullable Object returned) {
        if (KotlinDetector.isSuspendingFunction(invocation.method())) {
            return returned instanceof Publisher<?> publisher
                    ? Flux.from(publisher).cast(Object.class)
                    : Mono.justOrEmpty(returned);
        }
        return adapter(invocation.method().getReturnType()).toPublisher(returned);
    }

    /** A call is made in what its subscriber works for, which only a context knows on every thread. */
    private Flux<Object> subscribed(ContextView context) {
        AsyncCall around = context.getOrDefault(AsyncCall.KEY, null);
        if (around == null) {
            return new LockedSubscription(this, start()).run();
        }
        try (AsyncCall.Scope scope = around.enter()) {
            return new LockedSubscription(this, start()).run();
        }
    }

    private AsyncCall start() {
        return AsyncCall.start(invocation.manager(), invocation.requests());
    }

    private static ReactiveAdapter adapter(Class<?> type) {
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
        if (adapter == null) {
            throw new IllegalStateException("Nobody knows how to subscribe to a " + type.getName());
        }
        return adapter;
    }
}

package io.distributedlock.aop;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.util.context.Context;

/**
 * Lets a thread work for a call while it is on its way up the stream, where the call's work is, and not on its way down, where
 * that of others is.
 */
final class FluxOfCall<T> extends FluxOperator<T, T> {

    private final AsyncCall call;

    FluxOfCall(Flux<T> work, AsyncCall call) {
        super(work);
        this.call = call;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        try (AsyncCall.Scope scope = call.enter()) {
            source.subscribe(new Boundary<>(subscriber, call));
        }
    }

    private static final class Boundary<T> implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> downstream;
        private final AsyncCall call;
        private Subscription upstream = this;

        Boundary(CoreSubscriber<? super T> downstream, AsyncCall call) {
            this.downstream = downstream;
            this.call = call;
        }

        @Override
        public Context currentContext() {
            return downstream.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            try (AsyncCall.Scope scope = call.leave()) {
                downstream.onSubscribe(this);
            }
        }

        @Override
        public void onNext(T next) {
            try (AsyncCall.Scope scope = call.leave()) {
                downstream.onNext(next);
            }
        }

        @Override
        public void onError(Throwable failure) {
            try (AsyncCall.Scope scope = call.leave()) {
                downstream.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            try (AsyncCall.Scope scope = call.leave()) {
                downstream.onComplete();
            }
        }

        @Override
        public void request(long count) {
            try (AsyncCall.Scope scope = call.enter()) {
                upstream.request(count);
            }
        }

        @Override
        public void cancel() {
            upstream.cancel();
        }
    }
}

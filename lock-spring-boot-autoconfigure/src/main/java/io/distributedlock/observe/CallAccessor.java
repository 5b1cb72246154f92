package io.distributedlock.observe;

import io.distributedlock.aop.AsyncCall;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries locked calls along by Micrometer's context propagation: where a Reactor context or a wrapped task restores what a
 * thread had, locks of asynchronous methods are current and re-entered there as well. Found by the service loader.
 */
public final class CallAccessor implements ThreadLocalAccessor<AsyncCall> {

    /** Made by the service loader. */
    public CallAccessor() {}

    @Override
    public Object key() {
        return AsyncCall.KEY;
    }

    @Override
    public @Nullable AsyncCall getValue() {
        return AsyncCall.current();
    }

    @Override
    public void setValue(AsyncCall call) {
        AsyncCall.setCurrent(call);
    }

    @Override
    public void setValue() {
        AsyncCall.setCurrent(null);
    }
}

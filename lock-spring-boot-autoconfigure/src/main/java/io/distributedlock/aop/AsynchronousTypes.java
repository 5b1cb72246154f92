package io.distributedlock.aop;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.springframework.core.ReactiveAdapterRegistry;

/** Types of answers whose work goes on after the method has returned them, or only begins then. */
final class AsynchronousTypes {

    static final String MEND =
            "Lock the method that does the work, or hold a lease of LockManager.acquireAsync() until it" + " is done";

    /** Known by name: the libraries they come from need not be there. */
    private static final Set<String> NAMES = Set.of(
            "org.reactivestreams.Publisher",
            "kotlinx.coroutines.flow.Flow",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isJdkType(type)
                    || isNamed(type)
                    || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
        }
    };

    private AsynchronousTypes() {}

    static boolean contain(Class<?> type) {
        return KNOWN.get(type);
    }

    private static boolean isJdkType(Class<?> type) {
        return Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || Callable.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type);
    }

    private static boolean isNamed(Class<?> type) {
        Class<?> superclass = type.getSuperclass();
        return NAMES.contains(type.getName())
                || (superclass != null && isNamed(superclass))
                || Arrays.stream(type.getInterfaces()).anyMatch(AsynchronousTypes::isNamed);
    }
}

package io.distributedlock.aop;

import java.util.concurrent.CompletableFuture;
import kotlin.Unit;
import kotlin.coroutines.AbstractCoroutineContextElement;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.ThreadContextElement;
import org.jspecify.annotations.Nullable;

/** Lets each thread that a coroutine runs on work for a call, while it runs there. */
final class CoroutineElement extends AbstractCoroutineContextElement
        implements ThreadContextElement<@Nullable AsyncCall> {

    private static final CoroutineContext.Key<CoroutineElement> KEY = new CoroutineContext.Key<>() {};

    private final AsyncCall call;
    private volatile @Nullable Job job;

    CoroutineElement(AsyncCall call) {
        super(KEY);
        this.call = call;
    }

    @Override
    public @Nullable AsyncCall updateThreadContext(CoroutineContext context) {
        if (job == null) {
            job = context.get(Job.Key); // of the outermost one: nobody else tells when that has ended
        }
        AsyncCall before = AsyncCall.current();
        AsyncCall.setCurrent(call);
        return before;
    }

    @Override
    public void restoreThreadContext(CoroutineContext context, @Nullable AsyncCall before) {
        AsyncCall.setCurrent(before);
    }

    /** Completes when the coroutine has ended, with all that it does when it is cancelled; at once if it never ran. */
    CompletableFuture<Void> stopped() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Job running = job;
        if (running == null) {
            stopped.complete(null);
        } else {
            running.invokeOnCompletion(end -> {
                stopped.complete(null);
                return Unit.INSTANCE;
            });
        }
        return stopped;
    }
}

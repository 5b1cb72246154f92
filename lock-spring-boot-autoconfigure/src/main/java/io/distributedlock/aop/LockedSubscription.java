package io.distributedlock.aop;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockNotAcquiredException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One subscription to what a locked method answers: its claim, and its work when that is granted. */
final class LockedSubscription {

    private final ReactiveCall call;
    private final AsyncCall async;

    /** Who comes first has it: the work that begins, or the subscriber who leaves before. */
    private final AtomicBoolean settled = new AtomicBoolean();

    LockedSubscription(ReactiveCall call, AsyncCall async) {
        this.call = call;
        this.async = async;
    }

    Flux<Object> run() {
        return Mono.<LeaseGroup>create(this::await)
                .map(leases -> work(new HeldLocks(leases.leases())))
                .onErrorResume(LockNotAcquiredException.class, cause -> Mono.just(contended(cause)))
                .flatMapMany(Function.identity())
                .doFinally(end -> abandon());
    }

    private void await(MonoSink<LeaseGroup> sink) {
        sink.onCancel(this::abandon);
        async.granted()
                .whenCompleteAsync(
                        (leases, failure) -> {
                            if (leases != null) {
                                sink.success(leases);
                            } else if (!(failure instanceof CancellationException)) {
                                sink.error(failure);
                            }
                        },
                        call.threads());
    }

    /** Nobody waits for the locks any more; a grant that is under way nevertheless is given back. */
    private void abandon() {
        if (settled.compareAndSet(false, true)) {
            async.granted().cancel(true);
            async.granted().thenAccept(leases -> new HeldLocks(leases.leases()).releaseAsync());
        }
    }

    private Flux<Object> work(HeldLocks held) {
        return Flux.defer(
                () -> settled.compareAndSet(false, true) ? new LockedStream(call, async, held).run() : Flux.empty());
    }

    private Flux<Object> contended(LockNotAcquiredException cause) {
        return Flux.defer(() -> {
            try {
                LockedInvocation invocation = call.invocation();
                return call.publisher(invocation.locked().contended(invocation.call(), cause));
            } catch (Throwable thrown) {
                return Flux.error(thrown);
            }
        });
    }
}

package io.distributedlock.aop;

import io.distributedlock.LockLostException;
import io.distributedlock.fencing.FenceWatch;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.ProxyMethodInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** The work of one subscription, under its locks: they are given back before its subscriber hears that it is done. */
final class LockedStream {

    private final ReactiveCall call;
    private final LockedInvocation invocation;
    private final AsyncCall async;
    private final HeldLocks held;
    private final CallUnderLock under;
    private final @Nullable FenceWatch fences;

    /** A cancelled coroutine goes on to clean up. */
    private volatile Mono<Void> stopped = Mono.empty();

    /** Whether the locks are kept until a transaction around this has ended. */
    private volatile boolean joinsTransaction;

    /** Whether a loss has ended it. */
    private volatile boolean brokenOff;

    LockedStream(ReactiveCall call, AsyncCall async, HeldLocks held) {
        this.call = call;
        this.invocation = call.invocation();
        this.async = async;
        this.held = held;
        this.under = async.hold(invocation.locked(), held.leases());
        this.fences = invocation.locked().isFencedByItself() ? FenceWatch.open(held.leases()) : null;
    }

    Flux<Object> run() {
        return Flux.usingWhen(
                Mono.just(this),
                stream -> stream.work().concatWith(checked()),
                LockedStream::release,
                LockedStream::failed,
                LockedStream::cancelled);
    }

    private Flux<Object> work() {
        LockedMethod locked = invocation.locked();
        Flux<Object> work =
                new FluxOfCall<>(Flux.defer(this::proceed), async).contextWrite(at -> at.put(AsyncCall.KEY, async));
        if (locked.interruptsOnLoss()) {
            work = work.takeUntilOther(Mono.create(sink -> {
                LossWatch watch =
                        LossWatch.of(held.leases(), () -> call.threads().execute(() -> breakOff(sink)));
                sink.onDispose(watch::close);
            }));
        }
        if (locked.throwsOnLoss() && locked.answer() == AnswerType.MANY) {
            work = work.doOnNext(next -> Losses.ensureHeld(under));
        }
        SurroundingTransaction transaction = call.transaction();
        return transaction == null ? work : joining(transaction).thenMany(work);
    }

    private void breakOff(MonoSink<?> end) {
        if (loss() != null) {
            brokenOff = true;
            end.success();
        }
    }

    private @Nullable LockLostException loss() {
        return Losses.interrupted(invocation.locked(), held.leases());
    }

    private Mono<Void> joining(SurroundingTransaction transaction) {
        return ReactiveTransactions.takeOver(
                        held.leases(),
                        under.ignoresLoss(),
                        around -> !transaction.isLeftBy(invocation.method(), invocation.targetClass(), around))
                .doOnNext(joins -> joinsTransaction = joins)
                .then();
    }

    private Publisher<Object> proceed() {
        ProxyMethodInvocation proxied = (ProxyMethodInvocation) invocation.call();
        try {
            if (AnswerType.isOfCoroutine(invocation.method())) {
                CoroutineElement element = new CoroutineElement(async);
                stopped = Mono.fromFuture(element::stopped);
                return Flux.from(Coroutines.proceed(proxied, element)).cast(Object.class);
            }
            return call.publisher(WorkUnderLocks.proceedElsewhere(proxied.invocableClone()));
        } catch (Throwable thrown) {
            return Mono.error(thrown);
        }
    }

    /** Part of the work: what is found wrong when that is released already cannot be told as it is. */
    private Mono<Object> checked() {
        return Mono.defer(() -> {
            Throwable wrong = wrongAtEnd();
            return wrong == null ? Mono.empty() : Mono.error(wrong);
        });
    }

    private @Nullable Throwable wrongAtEnd() {
        return brokenOff
                ? loss()
                : call.losses().atEnd(invocation, under, fences, joinsTransaction, under.hasCommitted());
    }

    private Mono<Void> failed(Throwable thrown) {
        return Mono.defer(() -> {
            Losses.suppress(invocation.locked(), held.leases(), thrown);
            return stopped.then(release());
        });
    }

    private Mono<Void> cancelled() {
        return Mono.defer(() -> stopped.then(release()));
    }

    private Mono<Void> release() {
        return Mono.defer(() -> {
            if (fences != null) {
                fences.close();
            }
            under.end();
            return joinsTransaction
                    ? Mono.empty()
                    : Mono.fromFuture(held.releaseAsync(), true).publishOn(Schedulers.fromExecutor(call.threads()));
        });
    }
}

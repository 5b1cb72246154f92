package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Mono;

/** Work that runs on after its method has returned would run without the lock. */
class AsynchronousAnswerTests {

    static class Anything<T> {

        @DistributedLock("a")
        public Object object(Object answer) {
            return answer;
        }

        @DistributedLock("a")
        public T variable(T answer) {
            return answer;
        }
    }

    static class Futures extends Anything<CompletableFuture<String>> {}

    static Stream<Object> later() {
        return Stream.of(
                CompletableFuture.completedFuture("x"),
                Mono.just("x"),
                Stream.of("x"),
                (Callable<String>) () -> "x",
                new SseEmitter());
    }

    @ParameterizedTest
    @MethodSource("later")
    void isRefusedWhereTheDeclarationDoesNotTell(Object answer) {
        Locking.application(Anything.class).run(context -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Anything.class).object(answer))
                    .withMessageContaining("Anything.object(Object)")
                    .withMessageContaining(answer.getClass().getName())
                    .withMessageContaining("acquireAsync()");
            assertThat(context.getBean(LockManager.class).held()).isEmpty();
        });
    }

    @Test
    void isRefusedBehindATypeVariable() {
        Locking.application(Futures.class)
                .run(context -> assertThatIllegalStateException()
                        .isThrownBy(() -> context.getBean(Futures.class).variable(new CompletableFuture<>()))
                        .withMessageContaining("Anything.variable(Object)"));
    }

    @Test
    void otherAnswersPass() {
        Locking.application(Anything.class).run(context -> {
            assertThat(context.getBean(Anything.class).object("x")).isEqualTo("x");
            assertThat(context.getBean(Anything.class).object(null)).isNull();
        });
    }

    static class Declares {

        public Callable<String> callable() {
            return () -> "x";
        }

        public DeferredResult<String> deferred() {
            return new DeferredResult<>();
        }

        public WebAsyncTask<String> task() {
            return new WebAsyncTask<>(callable());
        }

        public SseEmitter emitter() {
            return new SseEmitter();
        }

        public StreamingResponseBody body() {
            return out -> {};
        }

        public Stream<String> stream() {
            return Stream.of();
        }

        public IntStream ints() {
            return IntStream.of();
        }
    }

    @DistributedLock("a")
    static class Source {}

    @ParameterizedTest
    @ValueSource(strings = {"callable", "deferred", "task", "emitter", "body", "stream", "ints"})
    void isRefusedAtTheStartWhereItIsDeclared(String method) {
        var found = ReflectionUtils.findMethod(Declares.class, method);
        assertThatIllegalStateException()
                .isThrownBy(() -> new Refusals(found, AnswerType.of(found, Declares.class))
                        .check(LockAnnotations.on(Source.class)))
                .withMessageContaining(
                        "the return type " + found.getReturnType().getSimpleName());
    }
}

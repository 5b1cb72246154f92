package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.distributedlock.LockMode;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.annotation.OnLoss;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.scheduling.annotation.Scheduled;
import reactor.core.publisher.Mono;

/** Every lock that cannot work ends the start, with the method, the value and the mend. */
@ExtendWith(OutputCaptureExtension.class)
class InvalidLockTests {

    static class Shared {
        @DistributedLock(name = "a", mode = LockMode.SHARED)
        public void run() {}
    }

    static class Permits {
        @DistributedLock(name = "a", permits = 3)
        public void run() {}
    }

    static class Correct {
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class CorrectSometimes {
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS, condition = "#id > 1")
        public void run(int id) {}
    }

    static class CorrectOrNot {
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS, onLoss = OnLoss.IGNORE)
        public void run() {}
    }

    static class CorrectRepository implements org.springframework.data.repository.Repository<String, String> {
        @DistributedLock(name = "a", guarantee = Guarantee.CORRECTNESS)
        public void run() {}
    }

    static class Manual {
        @DistributedLock(name = "a", fencing = Fencing.MANUAL)
        public void run() {}
    }

    static class ReturnsFuture {
        @DistributedLock("a")
        public Future<String> run() {
            return CompletableFuture.completedFuture("x");
        }
    }

    static class OwnStage<T> extends CompletableFuture<T> {}

    static class ReturnsOwnStage {
        @DistributedLock("a")
        public OwnStage<String> run() {
            return new OwnStage<>();
        }
    }

    static class FencesMono {
        @DistributedLock(value = "a", guarantee = Guarantee.CORRECTNESS)
        public Mono<String> run() {
            return Mono.just("x");
        }
    }

    static class FencesFuture {
        @DistributedLock(value = "a", guarantee = Guarantee.CORRECTNESS)
        public CompletableFuture<String> run() {
            return CompletableFuture.completedFuture("x");
        }
    }

    static class NoName {
        @DistributedLock
        public void run() {}
    }

    static class BlankName {
        @DistributedLock(" ")
        public void run() {}
    }

    static class Misspelt {
        @DistributedLock("order:#{#idd}")
        public void run(int id) {}
    }

    static class PlainHash {
        @DistributedLock("order:#id")
        public void run(int id) {}
    }

    static class NoUnit {
        @DistributedLock(name = "a", waitTime = "5")
        public void run() {}
    }

    static class Negative {
        @DistributedLock(name = "a", leaseTime = "-1s")
        public void run() {}
    }

    static class ShortLease {
        @DistributedLock(name = "a", leaseTime = "20ms")
        public void run() {}
    }

    static class MissingTime {
        @DistributedLock(name = "a", waitTime = "${missing}")
        public void run() {}
    }

    static class SkipsPrimitive {
        @DistributedLock(name = "a", onContention = OnContention.SKIP)
        public int run() {
            return 1;
        }
    }

    static class NoFallback {
        @DistributedLock(name = "a", onContention = OnContention.FALLBACK)
        public void run() {}
    }

    static class UnusedFallback {
        @DistributedLock(name = "a", fallback = "other")
        public void run() {}

        public void other() {}
    }

    static class MissingFallback {
        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "other")
        public void run(int id) {}

        public void other(long id) {}
    }

    static class StaticFallback {
        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "other")
        public void run() {}

        static void other(LockNotAcquiredException e) {}
    }

    static class SelfFallback {
        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "run")
        public void run() {}
    }

    static class OtherReturnType {
        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "other")
        public String run() {
            return "";
        }

        public Optional<String> other() {
            return Optional.empty();
        }
    }

    static class FinalMethod {
        @DistributedLock("a")
        public final void run() {}
    }

    static class PrivateMethod {
        @DistributedLock("a")
        @SuppressWarnings({"unused", "UnusedMethod"})
        private void run() {}
    }

    static class StaticMethod {
        @DistributedLock("a")
        public static void run() {}
    }

    static class Initializes {
        @PostConstruct
        @DistributedLock("a")
        public void run() {}
    }

    static class Destroys {
        @PreDestroy
        @DistributedLock("a")
        public void run() {}
    }

    static final class FinalClass {
        @DistributedLock("a")
        public void run() {}
    }

    static class Unequal {
        @DistributedLock(name = "a", waitTime = "1s")
        @DistributedLock(name = "b", waitTime = "2s")
        public void run() {}
    }

    static class BadCondition {
        @DistributedLock(name = "a", condition = "'yes'")
        public void run() {}
    }

    static class BracedCondition {
        @DistributedLock(name = "a", condition = "#{#id > 1}")
        public void run(int id) {}
    }

    static class UnknownManager {
        @DistributedLock(name = "a", manager = "nobody")
        public void run() {}
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(Shared.class, "mode = SHARED is not available in this version"),
                Arguments.of(Permits.class, "permits = 3 is not available in this version"),
                Arguments.of(Correct.class, "guarantee = CORRECTNESS needs a transaction to enter the fence in"),
                Arguments.of(Manual.class, "fencing = MANUAL says who compares tokens, which only guarantee"),
                Arguments.of(CorrectRepository.class, "a Spring Data repository begins its transaction inside"),
                Arguments.of(CorrectSometimes.class, "and condition = \"#id > 1\" lets some run without the lock"),
                Arguments.of(CorrectOrNot.class, "and onLoss = IGNORE lets it commit"),
                Arguments.of(ReturnsFuture.class, "when the work of the return type Future is done"),
                Arguments.of(ReturnsOwnStage.class, "when the work of the return type OwnStage is done"),
                Arguments.of(FencesMono.class, "enters a fence in the transaction of one thread"),
                Arguments.of(FencesFuture.class, "enters a fence in the transaction of one thread"),
                Arguments.of(NoName.class, "it has no name"),
                Arguments.of(BlankName.class, "must not be blank"),
                Arguments.of(Misspelt.class, "'#idd' is not a parameter; there are #id"),
                Arguments.of(PlainHash.class, "did you mean '#{#id}'?"),
                Arguments.of(NoUnit.class, "its waitTime is refused: '5' has no unit; write '5s'"),
                Arguments.of(Negative.class, "its leaseTime is refused: '-1s' is negative"),
                Arguments.of(ShortLease.class, "leaseTime of lock 'a' must be between PT0.1S"),
                Arguments.of(MissingTime.class, "missing"),
                Arguments.of(SkipsPrimitive.class, "a skipped call answers null, which 'int' cannot be"),
                Arguments.of(NoFallback.class, "needs a fallback method"),
                Arguments.of(UnusedFallback.class, "fallback = \"other\" is never called with onContention = THROW"),
                Arguments.of(MissingFallback.class, "does not exist with these parameters"),
                Arguments.of(StaticFallback.class, "is static"),
                Arguments.of(SelfFallback.class, "is the locked method itself"),
                Arguments.of(OtherReturnType.class, "returns Optional"),
                Arguments.of(FinalMethod.class, "a proxy cannot intercept a method that is public final"),
                Arguments.of(PrivateMethod.class, "a proxy cannot intercept a method that is private"),
                Arguments.of(StaticMethod.class, "a proxy cannot intercept a method that is public static"),
                Arguments.of(Initializes.class, "@PostConstruct"),
                Arguments.of(Destroys.class, "@PreDestroy"),
                Arguments.of(FinalClass.class, "the class is final"),
                Arguments.of(Unequal.class, "differ in waitTime: [1s, 2s]"),
                Arguments.of(BadCondition.class, "must yield true or false"),
                Arguments.of(BracedCondition.class, "write it without '#{'"),
                Arguments.of(UnknownManager.class, "there is no LockManager bean named 'nobody'"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void endsTheStart(Class<?> bean, String problem) {
        Locking.application(bean).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new InvalidLockFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains(bean.getName(), problem);
            assertThat(analysis.getAction()).isNotBlank();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBean {
        @Bean
        @Lazy
        PlainHash lazy() {
            return new PlainHash();
        }
    }

    @Test
    void aLazyBeanIsRefusedWhenItIsMade() {
        Locking.application(LazyBean.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(catchThrowable(() -> context.getBean(PlainHash.class)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasStackTraceContaining("did you mean '#{#id}'?");
        });
    }

    static class Schedules {
        @Scheduled(fixedDelay = 1000)
        @DistributedLock("a")
        public void careless() {}

        @Scheduled(fixedDelay = 1000)
        @DistributedLock(name = "b", waitTime = "0", onContention = OnContention.SKIP, minHoldTime = "30s")
        public void careful() {}
    }

    @Test
    void aScheduledMethodThatEveryInstanceWouldRunIsWarnedOf(CapturedOutput output) {
        Locking.application(Schedules.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("Schedules.careless() is scheduled on every instance");
            assertThat(output).doesNotContain("Schedules.careful()");
        });
    }
}

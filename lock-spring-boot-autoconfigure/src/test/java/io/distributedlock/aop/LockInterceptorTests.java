package io.distributedlock.aop;

import static io.distributedlock.Locking.anotherHolderOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockListener;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.Locking;
import io.distributedlock.Locking.Witness;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.annotation.OnLoss;
import io.distributedlock.spi.LockBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LockInterceptorTests {

    static class Contended extends Witness {

        private final List<String> runs = new ArrayList<>();

        public List<String> runs() {
            return runs;
        }

        @DistributedLock("a")
        public String throwing() {
            runs.add("throwing");
            return "ran";
        }

        @DistributedLock(name = "a", onContention = OnContention.SKIP)
        public String skipping() {
            runs.add("skipping");
            return "ran";
        }

        @DistributedLock(name = "a", onContention = OnContention.SKIP)
        public Optional<String> skippingOptional() {
            return Optional.of("ran");
        }

        @DistributedLock(name = "a", onContention = OnContention.SKIP)
        public OptionalInt skippingInt() {
            return OptionalInt.of(1);
        }

        @DistributedLock(name = "a", onContention = OnContention.SKIP)
        public void skippingVoid() {
            runs.add("skippingVoid");
        }

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "instead")
        public String falling(int id) {
            return "ran";
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private String instead(int id, LockNotAcquiredException why) {
            return "instead of " + id + ": " + why.lockName();
        }

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "lockedInstead")
        public List<String> fallingFurther() {
            return held();
        }

        @DistributedLock("b")
        public List<String> lockedInstead() {
            return held();
        }

        @DistributedLock(name = "free", onContention = OnContention.SKIP)
        public String callsContended(Contended proxy) {
            return proxy.throwing();
        }

        @DistributedLock({"x", "a"})
        public void oneOfTwo() {
            runs.add("oneOfTwo");
        }
    }

    @Test
    void aCallThatDoesNotGetItsLockDoesNotRun() {
        Locking.application(Contended.class).run(context -> {
            Contended bean = context.getBean(Contended.class);
            LockManager locks = context.getBean(LockManager.class);
            try (Lease other = anotherHolderOf("a", locks)) {
                assertThat(other.isHeld()).isTrue();
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(bean::throwing);
                assertThat(bean.skipping()).isNull();
                assertThat(bean.skippingOptional()).isEmpty();
                assertThat(bean.skippingInt()).isEmpty();
                bean.skippingVoid();
                assertThat(bean.falling(7)).isEqualTo("instead of 7: a");
                assertThat(bean.fallingFurther()).containsExactly("a", "b");
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(bean::oneOfTwo);
                assertThat(locks.held()).extracting(LeaseInfo::name).containsExactly("a");
            }
            assertThat(bean.runs()).isEmpty();
            assertThat(bean.throwing()).isEqualTo("ran");
            assertThat(bean.skippingOptional()).contains("ran");
            assertThat(bean.falling(7)).isEqualTo("ran");
            assertThat(locks.held()).isEmpty();
        });
    }

    @Test
    void contentionInsideOfTheMethodIsNotItsOwn() {
        Locking.application(Contended.class).run(context -> {
            Contended bean = context.getBean(Contended.class);
            try (Lease other = anotherHolderOf("a", context.getBean(LockManager.class))) {
                assertThat(other.isHeld()).isTrue();
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> bean.callsContended(bean));
            }
        });
    }

    static class Keys extends Witness {

        @DistributedLock("cart:#{#cart['id']}")
        public List<String> changing(Map<String, Object> cart) {
            cart.put("id", 2);
            return held();
        }

        @DistributedLock("order:#{#id}")
        public List<String> order(Object id) {
            return held();
        }

        @DistributedLock(name = "sku:#{#skus}", condition = "#skus != null")
        @DistributedLock(name = "all", condition = "#all")
        public List<String> skus(List<Integer> skus, Object all) {
            return held();
        }
    }

    @Test
    void aNameIsEvaluatedOnceBeforeTheMethod() {
        Locking.application(Keys.class).run(context -> {
            Map<String, Object> cart = new HashMap<>(Map.of("id", 1));
            assertThat(context.getBean(Keys.class).changing(cart)).containsExactly("cart:1");
            assertThat(context.getBean(LockManager.class).held()).isEmpty();
        });
    }

    @Test
    void aNullKeyIsRefusedAndNamesTheMethod() {
        Locking.application(Keys.class)
                .run(context -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> context.getBean(Keys.class).order(null))
                        .withMessageContaining("Keys.order(Object)")
                        .withMessageContaining("#{#id} yielded null"));
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        Locking.application(Keys.class)
                .run(context -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> context.getBean(Keys.class).order("ä".repeat(300)))
                        .withMessageContaining("512 bytes")
                        .withMessageContaining("Keys.order(Object)"));
    }

    @Test
    void aConditionDecidesForItsOwnLock() {
        Locking.application(Keys.class).run(context -> {
            Keys bean = context.getBean(Keys.class);
            assertThat(bean.skus(List.of(2, 1), true)).containsExactly("all", "sku:1", "sku:2");
            assertThat(bean.skus(List.of(2, 1), false)).containsExactly("sku:1", "sku:2");
            assertThat(bean.skus(null, false)).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bean.skus(null, "yes"))
                    .withMessageContaining("its condition '#all' must yield true or false");
            assertThatIllegalArgumentException().isThrownBy(() -> bean.skus(null, null));
        });
    }

    static class Bypasses implements LockListener {

        final List<String> templates = new CopyOnWriteArrayList<>();

        @Override
        public void bypassed(String template) {
            templates.add(template);
            throw new IllegalStateException("planted: a listener must not end the call");
        }
    }

    @Test
    void aCallThatRunsWithoutItsLockIsReported() {
        Locking.application(Keys.class, Bypasses.class).run(context -> {
            assertThat(context.getBean(Keys.class).skus(null, false)).isEmpty();
            assertThat(context.getBean(Bypasses.class).templates).containsExactly("sku:#{#skus}", "all");
        });
    }

    static class Losing extends Witness {

        @Autowired
        LockBackend backend;

        @DistributedLock(name = "a", leaseTime = "300ms")
        public String losing(boolean fail) {
            lose();
            if (fail) {
                throw new IllegalStateException("business");
            }
            return "done";
        }

        @DistributedLock(name = "a", leaseTime = "300ms", onLoss = OnLoss.IGNORE)
        public String ignoring() {
            lose();
            return "done";
        }

        private void lose() {
            Lease lease = locks.getObject().current("a").orElseThrow();
            backend.forceRelease("a").join();
            await().atMost(Duration.ofSeconds(20)).until(() -> !lease.isHeld());
        }
    }

    @Test
    void aLossIsThrownAtTheEndAndSaysThatTheMethodHadCompleted() {
        Locking.application(Losing.class).run(context -> {
            Losing bean = context.getBean(Losing.class);
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> bean.losing(false))
                    .withMessageContaining("Losing.losing(boolean) had completed by then")
                    .satisfies(e -> assertThat(e.fencingToken()).isPositive());
            assertThat(bean.ignoring()).isEqualTo("done");
        });
    }

    @Test
    void theMethodsOwnExceptionWins() {
        Locking.application(Losing.class).run(context -> {
            Throwable thrown =
                    catchThrowable(() -> context.getBean(Losing.class).losing(true));
            assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("business");
            assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(LockLostException.class);
            assertThat(context.getBean(LockManager.class).held()).isEmpty();
        });
    }

    static class Templates implements LockListener {

        final List<String> templates = new CopyOnWriteArrayList<>();

        @Override
        public void acquired(LeaseInfo lease, Duration waited) {
            templates.add(lease.template());
        }
    }

    @Test
    void listenersHearTheDeclaredNameOfEachLock() {
        Locking.application(Keys.class, Templates.class).run(context -> {
            context.getBean(Keys.class).order(1);
            context.getBean(Keys.class).skus(List.of(1, 2), true);
            assertThat(context.getBean(Templates.class).templates)
                    .containsExactly("order:#{#id}", "all", "sku:#{#skus}", "sku:#{#skus}");
        });
    }
}

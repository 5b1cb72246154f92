package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.aop.elsewhere.Elsewhere;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FallbackTests {

    static class Service extends Elsewhere.Fallbacks {

        private final String field = String.valueOf("field");

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "insteadFinal")
        public String toFinal() {
            return "ran";
        }

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "visibleHereOnly")
        public String toElsewhere() {
            return "ran";
        }

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "insteadFailing")
        public String toFailing() throws IOException {
            return "ran";
        }

        public String insteadFailing(LockNotAcquiredException why) throws IOException {
            throw new IOException("fallback for " + why.lockName());
        }

        @DistributedLock(name = "a", onContention = OnContention.FALLBACK, fallback = "insteadLockedAndFailing")
        public String toLockedAndFailing() {
            return "ran";
        }

        @DistributedLock("b")
        public String insteadLockedAndFailing() {
            throw new IllegalStateException("fallback");
        }

        public final String insteadFinal() {
            return field;
        }
    }

    private static void contended(Consumer<Service> test) {
        Locking.application(Service.class).run(context -> {
            try (Lease other = Locking.anotherHolderOf("a", context.getBean(LockManager.class))) {
                assertThat(other.isHeld()).isTrue();
                test.accept(context.getBean(Service.class));
            }
        });
    }

    @Test
    void aFinalFallbackRunsOnTheBeanItself() {
        contended(service -> assertThat(service.toFinal()).isEqualTo("field"));
    }

    @Test
    void aPackagePrivateFallbackOfAnotherPackageRunsOnTheBeanItself() {
        contended(service -> assertThat(service.toElsewhere()).isEqualTo("elsewhere"));
    }

    @Test
    void anExceptionOfTheFallbackReachesTheCallerAsItIsAndNoLockIsLeft() {
        Locking.application(Service.class).run(context -> {
            Service service = context.getBean(Service.class);
            LockManager locks = context.getBean(LockManager.class);
            try (Lease other = Locking.anotherHolderOf("a", locks)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(service::toFailing)
                        .withMessage("fallback for a")
                        .withNoCause();
                assertThatIllegalStateException()
                        .isThrownBy(service::toLockedAndFailing)
                        .withMessage("fallback");
                assertThat(locks.held()).extracting(LeaseInfo::holder).containsExactly(other.holder());
            }
            assertThat(locks.held()).isEmpty();
            assertThat(service.toLockedAndFailing()).isEqualTo("ran");
        });
    }
}

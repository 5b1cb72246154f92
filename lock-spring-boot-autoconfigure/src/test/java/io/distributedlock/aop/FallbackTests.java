package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.aop.elsewhere.Elsewhere;
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
}

package io.distributedlock.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;

class LeaseEventsTests {

    static class Heard {

        final List<LeaseLostEvent> losses = new CopyOnWriteArrayList<>();

        @EventListener
        void hear(LeaseLostEvent event) {
            losses.add(event);
        }
    }

    @Test
    void theApplicationHearsOfALoss() {
        Locking.application(Heard.class).run(context -> {
            Heard heard = context.getBean(Heard.class);
            try (Lease lease = context.getBean(LockManager.class)
                    .acquire(LockRequest.of("order").maxHoldTime(Duration.ofMillis(100)))) {
                await().until(() -> !heard.losses.isEmpty());
                assertThat(heard.losses).singleElement().satisfies(event -> {
                    assertThat(event.lease().name()).isEqualTo("order");
                    assertThat(event.lease().fencingToken()).isEqualTo(lease.fencingToken());
                    assertThat(event.reason()).isEqualTo(LossReason.MAX_HOLD_TIME);
                    assertThat(event.late()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
                });
            }
        });
    }
}

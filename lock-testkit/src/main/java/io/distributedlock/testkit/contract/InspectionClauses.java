package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class InspectionClauses extends Clauses {

    InspectionClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("shows nobody at a free lock")
    void showsNobody() {
        LockInfo info = scene.answer(one.inspect(name));

        assertThat(info.name()).isEqualTo(name);
        assertThat(info.holders()).isEmpty();
        assertThat(info.waiters()).isZero();
    }

    @Test
    @DisplayName("shows the holder, to every client")
    void showsTheHolder() {
        LockGrant grant = scene.grant(one, scene.claim());

        LockInfo info = scene.answer(two.inspect(name));

        assertThat(info.name()).isEqualTo(name);
        assertThat(info.holders()).singleElement().satisfies(holder -> {
            assertThat(holder.holder()).isEqualTo(grant.claim().holder());
            assertThat(holder.fencingToken()).isEqualTo(grant.token());
            assertThat(holder.mode()).isEqualTo(LockMode.EXCLUSIVE);
            assertThat(holder.info()).isIn(null, grant.claim().info());
        });
    }

    @Test
    @DisplayName("shows how many wait")
    void showsWaiters() {
        assumeTrue(can().fairQueue(), "this store knows no queue");
        scene.grant(one, scene.claim());
        assertThat(scene.queue(one, scene.patient())).isNotDone();
        assertThat(scene.queue(two, scene.patient())).isNotDone();

        assertThat(scene.answer(one.inspect(name)).waiters()).isEqualTo(2);
    }

    @Test
    @DisplayName("of the store itself tells how long it took")
    void checks() {
        BackendStatus status = scene.answer(one.check());

        assertThat(status.roundTrip()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(one.description()).isNotBlank();
        assertThat(one.capabilities()).isEqualTo(two.capabilities());
    }
}

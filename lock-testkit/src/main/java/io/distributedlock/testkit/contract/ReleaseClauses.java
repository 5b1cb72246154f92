package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Succession;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ReleaseClauses extends Clauses {

    ReleaseClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("says whether there was a grant, and may be repeated")
    void isIdempotent() {
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.release(one, grant.claim())).isTrue();
        assertThat(scene.release(one, grant.claim())).isFalse();
        assertThat(scene.release(one, grant.claim())).isFalse();
    }

    @Test
    @DisplayName("frees the lock for everybody at once")
    void frees() {
        LockGrant grant = scene.grant(one, scene.claim());
        scene.release(one, grant.claim());

        LockGrant next = scene.grant(two, scene.claim());
        scene.release(two, next.claim());

        scene.grant(one, scene.claim());
    }

    @Test
    @DisplayName("repeated late takes nothing from the next holder")
    void repeatedLate() {
        LockGrant grant = scene.grant(one, scene.claim());
        scene.release(one, grant.claim());
        LockGrant next = scene.grant(one, scene.claim());

        assertThat(scene.release(one, grant.claim())).isFalse();

        assertThat(scene.holderOf(name)).contains(next.claim().holder());
    }

    @Test
    @DisplayName("with a claim behind it gives the lock to that claim")
    void letsTheNextFollow() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim next = scene.claim();

        Succession both = scene.succeed(one, grant.claim(), next);

        assertThat(scene.answer(both.released())).isTrue();
        LockGrant second = scene.answer(both.acquired()).orElseThrow();
        assertThat(second.token()).isGreaterThan(grant.token());
        assertThat(scene.holderOf(name)).contains(next.holder());
    }

    @Test
    @DisplayName("with a claim behind it gives the lock to who came first")
    void letsOthersGoFirst() {
        assumeTrue(one.capabilities().fairQueue(), "has no fair queue");
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);
        LockClaim next = scene.patient();

        Succession both = scene.succeed(one, grant.claim(), next);

        assertThat(scene.answer(both.released())).isTrue();
        assertThat(scene.answer(waiting)).isPresent();
        assertThat(both.acquired()).isNotDone();
        scene.release(two, waiter);
        assertThat(scene.answer(both.acquired())).isPresent();
    }
}

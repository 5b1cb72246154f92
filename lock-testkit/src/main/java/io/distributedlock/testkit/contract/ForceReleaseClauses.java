package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ForceReleaseClauses extends Clauses {

    ForceReleaseClauses(LockBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void needsTheCapability() {
        assumeTrue(can().forceRelease(), "this store cannot take a lock from its holder");
    }

    @Test
    @DisplayName("takes the lock from its holder and answers a token above its")
    void takesTheLock() {
        LockGrant grant = scene.grant(one, scene.claim());

        long token = scene.answer(two.forceRelease(name));

        assertThat(token).isGreaterThan(grant.token() + grant.tokens() - 1);
        assertThat(scene.renew(one, grant)).isEqualTo(new Renewal.NotHeld());
        assertThat(scene.release(one, grant.claim())).isFalse();
        assertThat(scene.holderOf(name)).isEmpty();
    }

    @Test
    @DisplayName("gives the lock to the next waiter, with a token above its answer")
    void movesTheQueue() {
        scene.grant(one, scene.claim());
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, scene.patient());

        long token = scene.answer(one.forceRelease(name));

        assertThat(scene.answer(waiting).orElseThrow().token()).isGreaterThan(token);
    }

    @Test
    @DisplayName("of a free lock answers a token above the last")
    void ofAFreeLock() {
        LockGrant grant = scene.grant(one, scene.claim());
        scene.release(one, grant.claim());

        long token = scene.answer(two.forceRelease(name));

        assertThat(token).isGreaterThan(grant.token());
        assertThat(scene.grant(one, scene.claim()).token()).isGreaterThan(token);
    }
}

package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockGrant;
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
}

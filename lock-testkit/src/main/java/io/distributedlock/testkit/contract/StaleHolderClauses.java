package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class StaleHolderClauses extends Clauses {

    StaleHolderClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("takes nothing from the new holder by a late release")
    void lateReleaseTakesNothing() throws Exception {
        LockGrant stale = scene.grant(one, scene.claim());
        scene.fixture.expire(name);
        LockGrant fresh = scene.grant(two, scene.claim());

        assertThat(scene.release(one, stale.claim())).isFalse();

        assertThat(scene.holderOf(name)).contains(fresh.claim().holder());
        assertThat(scene.renew(two, fresh)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    @DisplayName("is told that it does not hold the lock when it renews while another holds it")
    void lateRenewalIsRefused() throws Exception {
        LockGrant stale = scene.grant(one, scene.claim());
        scene.fixture.expire(name);
        LockGrant fresh = scene.grant(two, scene.claim());

        assertThat(scene.renew(one, stale)).isEqualTo(new Renewal.NotHeld());

        assertThat(scene.holderOf(name)).contains(fresh.claim().holder());
        assertThat(scene.renew(two, fresh)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    @DisplayName("does not revive its lost lock by a late renewal")
    void lateRenewalDoesNotRevive() throws Exception {
        LockGrant stale = scene.grant(one, scene.claim());
        scene.fixture.expire(name);

        assertThat(scene.renew(one, stale)).isEqualTo(new Renewal.NotHeld());

        assertThat(scene.holderOf(name)).isEmpty();
        scene.grant(two, scene.claim());
    }

    @Test
    @DisplayName("does not revive a lock it gave back by a late renewal")
    void renewalAfterReleaseDoesNotRevive() {
        LockGrant stale = scene.grant(one, scene.claim());
        scene.release(one, stale.claim());

        assertThat(scene.renew(one, stale)).isEqualTo(new Renewal.NotHeld());

        assertThat(scene.holderOf(name)).isEmpty();
        scene.grant(two, scene.claim());
    }

    @Test
    @DisplayName("cannot renew by an old token when the same claim was granted again")
    void renewalComparesTheToken() throws Exception {
        LockClaim claim = scene.claim();
        LockGrant stale = scene.grant(one, claim);
        scene.fixture.expire(name);
        LockGrant fresh = scene.grant(one, claim);

        assertThat(fresh.token()).isGreaterThan(stale.token());
        assertThat(scene.renew(one, stale)).isEqualTo(new Renewal.NotHeld());
        assertThat(scene.renew(one, fresh)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    @DisplayName("that never had the lock does not free it by a release")
    void foreignReleaseFreesNothing() {
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.release(one, scene.claim())).isFalse();
        assertThat(scene.release(two, scene.claim())).isFalse();

        assertThat(scene.holderOf(name)).contains(grant.claim().holder());
        assertThat(scene.ask(two, scene.claim())).isEmpty();
    }
}

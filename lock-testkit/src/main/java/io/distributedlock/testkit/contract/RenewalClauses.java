package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class RenewalClauses extends Clauses {

    RenewalClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("keeps the lock past its first lease")
    void prolongs() {
        Duration lease = scene.fixture.shortLease().multipliedBy(2);
        LockGrant grant = scene.grant(one, scene.claim().withLeaseTime(lease));
        long end = System.nanoTime() + lease.multipliedBy(2).toNanos();

        await().atMost(lease.multipliedBy(2).plus(scene.fixture.patience()))
                .pollInterval(lease.dividedBy(10))
                .until(() -> {
                    assertThat(scene.renew(one, grant)).isInstanceOf(Renewal.Renewed.class);
                    assertThat(scene.ask(two, scene.claim())).isEmpty();
                    return System.nanoTime() - end > 0;
                });
    }

    @Test
    @DisplayName("never shortens the lease")
    void neverShortens() {
        Duration shorter = scene.fixture.shortLease();
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.renew(one, grant.renewedWith(shorter))).isInstanceOf(Renewal.Renewed.class);
        scene.lets(shorter.plus(shorter.dividedBy(2)));

        assertThat(scene.ask(two, scene.claim())).isEmpty();
        assertThat(scene.holderOf(name)).contains(grant.claim().holder());
    }

    @Test
    @DisplayName("with another token than the grant's is refused")
    void comparesTheToken() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockGrant forged = new LockGrant(grant.claim(), grant.token() + 1, 1, grant.validFromNanos(), grant.lease());

        assertThat(scene.renew(one, forged)).isEqualTo(new Renewal.NotHeld());
        assertThat(scene.renew(one, grant)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    @DisplayName("answers for each of several leases in their order")
    void answersInOrder() {
        LockGrant first = scene.grant(one, scene.claim(name + "-1"));
        LockGrant gone = scene.grant(one, scene.claim(name + "-2"));
        LockGrant last = scene.grant(one, scene.claim(name + "-3"));
        scene.release(one, gone.claim());

        List<Renewal> renewals = scene.answer(one.renew(List.of(first, gone, last)));

        assertThat(renewals).hasSize(3);
        assertThat(renewals.get(0)).isInstanceOf(Renewal.Renewed.class);
        assertThat(renewals.get(1)).isEqualTo(new Renewal.NotHeld());
        assertThat(renewals.get(2)).isInstanceOf(Renewal.Renewed.class);
    }

    @Test
    @DisplayName("of nothing answers nothing")
    void ofNothing() {
        assertThat(scene.answer(one.renew(List.of()))).isEmpty();
    }

    @Test
    @DisplayName("can ask for a longer lease than the claim did")
    void prolongsByTheLeaseOfTheRenewal() {
        assumeTrue(can().leasePerLock(), "this store has one lease for all locks of a client");
        Duration lease = scene.fixture.shortLease();
        LockClaim claim = scene.claim().withLeaseTime(lease);
        LockGrant grant = scene.grant(one, claim);

        assertThat(scene.renew(one, grant.renewedWith(scene.longLease()))).isInstanceOf(Renewal.Renewed.class);
        scene.lets(lease.plus(lease.dividedBy(2)));

        assertThat(scene.ask(two, scene.claim())).isEmpty();
    }
}

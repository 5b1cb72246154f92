package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class TokenClauses extends Clauses {

    TokenClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("grow over releases, whichever client asks")
    void growOverReleases() {
        long last = 0;
        for (int i = 0; i < 20; i++) {
            LockBackend backend = i % 3 == 0 ? two : one;
            LockGrant grant = scene.grant(backend, scene.claim());
            assertThat(grant.token()).isGreaterThan(last);
            last = lastOf(grant);
            scene.release(backend, grant.claim());
        }
    }

    @Test
    @DisplayName("grow over the end of a dead holder's lease")
    void growOverExpiry() throws Exception {
        LockGrant first = scene.grant(one, scene.claim());
        scene.fixture.expire(name);
        LockGrant second = scene.grant(one, scene.claim());
        scene.fixture.expire(name);
        LockGrant third = scene.grant(two, scene.claim());

        assertThat(second.token()).isGreaterThan(lastOf(first));
        assertThat(third.token()).isGreaterThan(lastOf(second));
    }

    @Test
    @DisplayName("grow when the lock is handed to a waiter")
    void growOverHandOff() {
        LockGrant first = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> waiting = scene.queue(two, waiter);
        scene.release(one, first.claim());
        LockGrant second = scene.answer(waiting).orElseThrow();
        assertThat(scene.renew(two, second)).isInstanceOf(Renewal.Renewed.class);
        scene.release(two, waiter);
        LockGrant third = scene.grant(one, scene.claim());

        assertThat(second.token()).isGreaterThan(lastOf(first));
        assertThat(third.token()).isGreaterThan(lastOf(second));
    }

    @Test
    @DisplayName("grow over a loss of all data in the store")
    void growOverLossOfData() throws Exception {
        assumeTrue(scene.fixture.canLoseData(), "this store does not lose data");
        LockGrant first = scene.grant(one, scene.claim());
        scene.fixture.loseData();
        LockGrant second = scene.grant(two, scene.claim());
        scene.release(two, second.claim());
        scene.fixture.loseData();
        LockGrant third = scene.grant(two, scene.claim());

        assertThat(second.token()).isGreaterThan(lastOf(first));
        assertThat(third.token()).isGreaterThan(lastOf(second));
    }

    @Test
    @DisplayName("are positive and fit 53 bits")
    void fit() {
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(grant.token()).isBetween(1L, LockGrant.MAX_TOKEN);
        assertThat(lastOf(grant)).isBetween(1L, LockGrant.MAX_TOKEN);
    }

    @Test
    @DisplayName("of a reserved range are nobody else's, after a release and after the end of a lease")
    void rangesDoNotOverlap() throws Exception {
        assumeTrue(can().tokenRanges(), "this store reserves no token ranges");
        LockGrant first = scene.grant(one, scene.withTokens(scene.claim(), 64));
        scene.release(one, first.claim());
        LockGrant second = scene.grant(one, scene.withTokens(scene.claim(), 64));
        scene.fixture.expire(name);
        LockGrant third = scene.grant(two, scene.withTokens(scene.claim(), 64));

        assertThat(first.tokens()).isBetween(2, 64);
        assertThat(second.token()).isGreaterThan(lastOf(first));
        assertThat(third.token()).isGreaterThan(lastOf(second));
    }

    @Test
    @DisplayName("come one at a time from a store without ranges")
    void oneAtATime() {
        assumeTrue(!can().tokenRanges(), "this store reserves token ranges");

        assertThat(scene.grant(one, scene.withTokens(scene.claim(), 64)).tokens())
                .isEqualTo(1);
    }

    private static long lastOf(LockGrant grant) {
        return grant.token() + grant.tokens() - 1;
    }
}

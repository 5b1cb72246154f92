package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class SameHolderClauses extends Clauses {

    SameHolderClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("gets the grant it has, with the same token")
    void sameGrant() {
        LockClaim claim = scene.claim();
        LockGrant first = scene.grant(one, claim);

        LockGrant again = scene.grant(one, claim);

        assertThat(again.token()).isEqualTo(first.token());
        assertThat(again.tokens()).isEqualTo(first.tokens());
        assertThat(scene.release(one, claim)).isTrue();
        assertThat(scene.holderOf(name)).as("one release is enough").isEmpty();
    }

    @Test
    @DisplayName("gets one grant, however often it asks at the same time")
    void concurrently() {
        LockClaim claim = scene.claim();
        List<CompletableFuture<Optional<LockGrant>>> asked = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> scene.ask(one, claim)))
                .toList();

        assertThat(asked.stream()
                        .map(scene::answer)
                        .map(grant -> grant.orElseThrow().token()))
                .hasSize(8)
                .containsOnly(scene.grant(one, claim).token());
    }

    @Test
    @DisplayName("gets one grant when it asks again while it waits")
    void whileWaiting() {
        LockGrant grant = scene.grant(one, scene.claim());
        LockClaim waiter = scene.patient();
        CompletableFuture<Optional<LockGrant>> first = scene.queue(two, waiter);
        CompletableFuture<Optional<LockGrant>> again = scene.send(two, waiter);

        scene.release(one, grant.claim());

        long token = scene.answer(first).orElseThrow().token();
        assertThat(scene.answer(again).orElseThrow().token()).isEqualTo(token);
        assertThat(scene.release(two, waiter)).isTrue();
        assertThat(scene.holderOf(name)).isEmpty();
    }
}

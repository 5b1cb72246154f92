package io.distributedlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyLockBackendTest {

    private final InMemoryLockBackend store = new InMemoryLockBackend();
    private final FaultyLockBackend faulty = new FaultyLockBackend(store);
    private final LockClaim claim = claim("order:42", "holder");

    @AfterEach
    void close() {
        faulty.close();
    }

    @Test
    void aHealthyOneChangesNothing() {
        LockGrant grant = faulty.acquire(claim).join().orElseThrow();

        assertThat(faulty.renew(List.of(grant)).join().get(0)).isInstanceOf(Renewal.Renewed.class);
        assertThat(faulty.inspect(claim.name()).join())
                .isEqualTo(store.inspect(claim.name()).join());
        assertThat(faulty.release(claim, Duration.ZERO).join()).isTrue();
        assertThat(faulty.forceRelease(claim.name()).join()).isGreaterThan(grant.token());
        assertThat(faulty.check().join().findings()).isEmpty();
        assertThat(faulty.capabilities()).isEqualTo(store.capabilities());
        assertThat(faulty.description()).isEqualTo(store.description());
        assertThat(faulty.calls(Operation.ACQUIRE)).isEqualTo(1);
    }

    @Test
    void aRequestThatIsNotSentDoesNothing() {
        faulty.inject(Operation.ACQUIRE, Fault.NOT_SENT);

        assertThatThrownBy(() -> faulty.acquire(claim).join()).hasCauseInstanceOf(IOException.class);

        assertThat(store.names()).isEmpty();
    }

    @Test
    void aLostAnswerHidesWhatWasDone() {
        faulty.inject(Operation.ACQUIRE, Fault.ANSWER_LOST, 1);

        assertThatThrownBy(() -> faulty.acquire(claim).join()).hasCauseInstanceOf(IOException.class);

        assertThat(store.names()).containsOnly("order:42");
        assertThat(faulty.acquire(claim).join()).as("the second time").isPresent();
    }

    @Test
    void noAnswerIsNeitherASuccessNorAFailure() {
        faulty.inject(Operation.RELEASE, Fault.NO_ANSWER);
        LockGrant grant = faulty.acquire(claim).join().orElseThrow();

        assertThat(faulty.release(grant.claim(), Duration.ZERO)).isNotDone();

        assertThat(store.names()).isEmpty();
    }

    @Test
    void anAnswerComesLateButTheStoreIsInTime() {
        faulty.delayAnswers(Duration.ofMillis(300));
        long before = System.nanoTime();

        CompletableFuture<Optional<LockGrant>> answer = faulty.acquire(claim);

        assertThat(store.names()).containsOnly("order:42");
        assertThat(answer).isNotDone();
        assertThat(answer.join()).isPresent();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(300_000_000);
    }

    @Test
    void theStoreForgetsWhatItGranted() {
        LockGrant grant = faulty.acquire(claim).join().orElseThrow();

        faulty.forgetGrants().join();

        assertThat(store.names()).isEmpty();
        assertThat(faulty.renew(List.of(grant)).join()).containsExactly(new Renewal.NotHeld());
    }

    @Test
    void healingEndsTheFaults() {
        faulty.inject(Operation.ACQUIRE, Fault.NOT_SENT);
        faulty.delayAnswers(Duration.ofDays(1));

        faulty.heal();

        assertThat(faulty.acquire(claim).join()).isPresent();
    }

    private static LockClaim claim(String name, String holder) {
        Duration lease = Duration.ofSeconds(30);
        HolderInfo info = new HolderInfo("test", "test", "main");
        return new LockClaim(
                name, holder, LockMode.EXCLUSIVE, 0, lease, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, info);
    }
}

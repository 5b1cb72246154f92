package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The words in which clauses are written. Remembers every claim that is not released, to take it back after the test. */
final class Scene {

    private record Sent(LockBackend backend, LockClaim claim) {}

    final BackendFixture fixture;
    final String name = "lock-" + UUID.randomUUID();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();

    Scene(BackendFixture fixture) {
        this.fixture = fixture;
    }

    /** A lease that does not run out during a test. */
    Duration longLease() {
        return fixture.patience().multipliedBy(6);
    }

    LockClaim claim() {
        return claim(name);
    }

    LockClaim claim(String lock) {
        return new LockClaim(
                lock,
                UUID.randomUUID().toString(),
                LockMode.EXCLUSIVE,
                0,
                longLease(),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                1,
                new HolderInfo("contract", "test", Thread.currentThread().getName()));
    }

    /** A claim that waits longer than any test lasts. */
    LockClaim patient() {
        return claim().withWaitTime(longLease());
    }

    LockClaim withTokens(LockClaim claim, int tokens) {
        return changed(claim, claim.lockDelay(), claim.minHold(), tokens);
    }

    LockClaim withLockDelay(LockClaim claim, Duration lockDelay) {
        return changed(claim, lockDelay, claim.minHold(), claim.tokens());
    }

    LockClaim withMinHold(LockClaim claim, Duration minHold) {
        return changed(claim, claim.lockDelay(), minHold, claim.tokens());
    }

    private static LockClaim changed(LockClaim claim, Duration lockDelay, Duration minHold, int tokens) {
        return new LockClaim(
                claim.name(),
                claim.holder(),
                claim.mode(),
                claim.permits(),
                claim.leaseTime(),
                lockDelay,
                minHold,
                claim.waitTime(),
                tokens,
                claim.info());
    }

    CompletableFuture<Optional<LockGrant>> send(LockBackend backend, LockClaim claim) {
        sent.put(claim.holder(), new Sent(backend, claim));
        return backend.acquire(claim);
    }

    /** Releases one claim and sends another right behind. */
    Succession succeed(LockBackend backend, LockClaim ended, LockClaim next) {
        sent.put(next.holder(), new Sent(backend, next));
        return backend.releaseThenAcquire(ended, Duration.ZERO, next);
    }

    /** Sends a claim and returns when it waits in the store, as far as one can see. */
    CompletableFuture<Optional<LockGrant>> queue(LockBackend backend, LockClaim claim) {
        int before = waiters(claim.name());
        CompletableFuture<Optional<LockGrant>> answer = send(backend, claim);
        if (backend.capabilities().fairQueue()) {
            await().atMost(fixture.patience())
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> waiters(claim.name()) > before || answer.isDone());
        } else {
            lets(Duration.ofMillis(200));
        }
        return answer;
    }

    int waiters(String lock) {
        return answer(fixture.two().inspect(lock)).waiters();
    }

    Optional<LockGrant> ask(LockBackend backend, LockClaim claim) {
        return answer(send(backend, claim));
    }

    LockGrant grant(LockBackend backend, LockClaim claim) {
        Optional<LockGrant> grant = ask(backend, claim);
        assertThat(grant)
                .as("grant of lock '%s' to %s", claim.name(), claim.holder())
                .isPresent();
        return grant.orElseThrow();
    }

    boolean release(LockBackend backend, LockClaim claim) {
        boolean hadIt = answer(backend.release(claim, Duration.ZERO));
        sent.remove(claim.holder());
        return hadIt;
    }

    Renewal renew(LockBackend backend, LockGrant grant) {
        List<Renewal> renewals = answer(backend.renew(List.of(grant)));
        assertThat(renewals).as("one answer for each grant").hasSize(1);
        return renewals.get(0);
    }

    Optional<String> holderOf(String lock) {
        try {
            return fixture.holderOf(lock);
        } catch (Exception e) {
            throw new AssertionError("The store could not be read", e);
        }
    }

    <T> T answer(CompletableFuture<T> future) {
        return answer(future, fixture.patience());
    }

    <T> T answer(CompletableFuture<T> future, Duration bound) {
        try {
            return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("No answer within " + bound, e);
        } catch (ExecutionException e) {
            throw new AssertionError("The backend failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was interrupted", e);
        }
    }

    /** Lets real time pass: leases end by the clock of the store, which no test can move. */
    void lets(Duration pass) {
        await().pollDelay(pass).atMost(pass.plus(fixture.patience())).until(() -> true);
    }

    void nothingIsLeft() {
        await().atMost(fixture.patience())
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() ->
                        assertThat(fixture.leftovers()).as("left in the store").isEmpty());
    }

    void clean() {
        sent.values().forEach(it -> answer(it.backend().release(it.claim(), Duration.ZERO)));
    }
}

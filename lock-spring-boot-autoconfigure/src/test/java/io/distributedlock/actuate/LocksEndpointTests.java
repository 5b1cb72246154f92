package io.distributedlock.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LeaseInfo;
import io.distributedlock.LockInfo;
import io.distributedlock.LockRequest;
import io.distributedlock.actuate.LocksEndpoint.StoredLock;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.Fence;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.testkit.FaultyLockBackend;
import io.distributedlock.testkit.FaultyLockBackend.Fault;
import io.distributedlock.testkit.FaultyLockBackend.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

class LocksEndpointTests {

    private final LockBackend ordersStore = new InMemoryLockBackend();
    private final FaultyLockBackend stockStore = new FaultyLockBackend(new InMemoryLockBackend());
    private final LockEngine orders = engine(ordersStore);
    private final LockEngine stock = engine(stockStore);
    private final List<String> entered = new ArrayList<>();
    private final Fence fence = (resource, token) -> entered.add(resource + " " + token.number());
    private final LocksEndpoint endpoint =
            new LocksEndpoint(Map.of("orders", orders, "stock", stock), new ForcedRelease(() -> "shop", () -> fence));

    @AfterEach
    void close() {
        orders.close();
        stock.close();
        ordersStore.close();
        stockStore.close();
    }

    @Test
    void showsTheLeasesOfEachManagerOldestFirst() {
        Lease first = orders.acquire(LockRequest.of("order:2").template("order:#{#id}"));
        long taken = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > taken);
        Lease second = orders.acquire(LockRequest.of("order:1").template("order:#{#id}"));

        CompletableFuture<Lease> waiting = orders.acquireAsync(LockRequest.of("order:1"));

        Map<String, LocksEndpoint.ManagerLeases> shown = endpoint.leases().lockManagers();

        assertThat(shown).containsOnlyKeys("orders", "stock");
        assertThat(shown.get("orders").waiting()).containsExactly(Map.entry("order:1", 1));
        waiting.cancel(true);
        assertThat(shown.get("orders").leases()).extracting(LeaseInfo::name).containsExactly("order:2", "order:1");
        assertThat(shown.get("stock").leases()).isEmpty();
        assertThat(shown.get("stock").waiting()).isEmpty();
        first.close();
        second.close();
    }

    @Test
    void takesALockFromItsHolderAndKeepsThatOneOutOfItsFence() {
        Lease lease = stock.acquire(LockRequest.of("sku/7"));

        LocksEndpoint.Released released = endpoint.release("sku", "7");

        assertThat(released.name()).isEqualTo("sku/7");
        assertThat(released.tokens()).containsOnlyKeys("stock");
        long token = released.tokens().get("stock");
        assertThat(token).isGreaterThan(lease.fencingToken());
        assertThat(entered).containsExactly("shop:sku/7 " + token);
        assertThat(endpoint.lock("sku", "7").lockManagers().get("stock").holders())
                .isEmpty();
        lease.close();
        assertThat(endpoint.release("sku", "7").tokens()).isEmpty();
    }

    @Test
    void showsALockAsEachStoreSeesIt() {
        Lease lease = stock.acquire(LockRequest.of("sku/7"));

        LocksEndpoint.Inspection shown = endpoint.lock("sku", "7");

        assertThat(shown.name()).isEqualTo("sku/7");
        assertThat(shown.lockManagers().get("orders").holders()).isEmpty();
        assertThat(shown.lockManagers().get("stock").holders())
                .extracting(LockInfo.Holder::fencingToken)
                .containsExactly(lease.fencingToken());
        lease.close();
    }

    @Test
    void saysWhichStoreCouldNotBeAskedAndShowsTheOthers() {
        stockStore.inject(Operation.INSPECT, Fault.NOT_SENT);

        Map<String, StoredLock> shown = endpoint.lock("sku").lockManagers();

        assertThat(shown.get("stock").error()).contains("'sku'", stockStore.description(), "INSPECT was not sent");
        assertThat(shown.get("stock").holders()).isNull();
        assertThat(shown.get("orders").error()).isNull();
        assertThat(shown.get("orders").holders()).isEmpty();
    }

    @Test
    void refusesWhatIsNoNameOfALock() {
        assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(() -> endpoint.lock("a".repeat(LockRequest.MAX_NAME_BYTES + 1)))
                .withMessageContaining("512 bytes");
    }

    private static LockEngine engine(LockBackend store) {
        return LockEngine.builder(store).shutdownTimeout(Duration.ZERO).build();
    }
}

package io.distributedlock.actuate;

import io.distributedlock.LeaseInfo;
import io.distributedlock.LockBackendException;
import io.distributedlock.LockInfo;
import io.distributedlock.LockManager;
import io.distributedlock.engine.LockEngine;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;

/** Shows the locks of this instance, and any lock as its store sees it. */
@Endpoint(id = "locks", defaultAccess = Access.READ_ONLY)
public final class LocksEndpoint {

    private final Map<String, LockManager> managers;
    private final ForcedRelease release;

    /**
     * Made once per application.
     *
     * @param managers by the name of their bean
     * @param release for those who may write here
     */
    public LocksEndpoint(Map<String, LockManager> managers, ForcedRelease release) {
        this.managers = Map.copyOf(managers);
        this.release = release;
    }

    /**
     * The leases that this instance holds, and the locks that its callers wait for.
     *
     * @return leases, oldest first, and numbers of waiting callers by lock
     */
    @ReadOperation
    public Leases leases() {
        return new Leases(perManager(manager -> new ManagerLeases(
                manager.held().stream()
                        .sorted(Comparator.comparing(LeaseInfo::since).thenComparing(LeaseInfo::name))
                        .toList(),
                manager.waiting())));
    }

    /**
     * A lock, as its store sees it.
     *
     * <p>A slash at the beginning or end of a name, and each one that follows another, does not survive the path of a
     * request, unless it is percent-encoded ({@code %2F}) and the web server lets that pass, as Tomcat by default does
     * not. Such a lock can be asked for by {@link LockManager#inspect}, and over JMX.
     *
     * @param name the lock, without namespace; slashes part it
     * @return who holds it
     */
    @ReadOperation
    public Inspection lock(@Selector(match = Match.ALL_REMAINING) String... name) {
        String joined = String.join("/", name);
        return new Inspection(joined, perManager(manager -> inspect(manager, joined)));
    }

    /**
     * Takes a lock from its holder, in the stores of all managers where somebody holds it. The holder learns of it when it
     * next renews; the lock's fence, if the application has one, refuses it if it has not entered yet. Offered only where
     * {@code management.endpoint.locks.access} is {@code unrestricted}.
     *
     * @param name as in {@link #lock}
     * @return the tokens above those of the holders, by the name of the manager's bean
     */
    @DeleteOperation
    public Released release(@Selector(match = Match.ALL_REMAINING) String... name) {
        String joined = String.join("/", name);
        Map<String, Long> tokens = new TreeMap<>();
        managers.forEach((bean, manager) -> {
            if (manager instanceof LockEngine engine && isHeld(engine, joined)) {
                tokens.put(bean, release.run(engine, joined));
            }
        });
        return new Released(joined, tokens);
    }

    private static StoredLock inspect(LockManager manager, String name) {
        try {
            LockInfo lock = stored(manager, name);
            return new StoredLock(lock.holders(), lock.waiters(), null);
        } catch (LockBackendException e) {
            return new StoredLock(null, null, e.getMessage());
        }
    }

    private static boolean isHeld(LockManager manager, String name) {
        return !stored(manager, name).holders().isEmpty();
    }

    private static LockInfo stored(LockManager manager, String name) {
        try {
            return manager.inspect(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpointRequestException("Refused: " + e.getMessage(), "not a name of a lock", e);
        }
    }

    private <T> Map<String, T> perManager(Function<LockManager, T> view) {
        Map<String, T> views = new TreeMap<>();
        managers.forEach((name, manager) -> views.put(name, view.apply(manager)));
        return views;
    }

    /**
     * What this instance holds.
     *
     * @param lockManagers by the name of their bean
     */
    public record Leases(Map<String, ManagerLeases> lockManagers) implements OperationResponseBody {}

    /**
     * What one manager holds and waits for.
     *
     * @param leases oldest first
     * @param waiting how many callers of this instance wait, by lock
     */
    public record ManagerLeases(List<LeaseInfo> leases, Map<String, Integer> waiting) {}

    /**
     * One name in the stores of all managers.
     *
     * @param name the lock
     * @param lockManagers by the name of their bean
     */
    public record Inspection(String name, Map<String, StoredLock> lockManagers) implements OperationResponseBody {}

    /**
     * A lock that was taken from its holders.
     *
     * @param name the lock
     * @param tokens greater than every one granted so far, by the name of the manager's bean; empty when nobody held it
     */
    public record Released(String name, Map<String, Long> tokens) implements OperationResponseBody {}

    /**
     * One lock in one store.
     *
     * @param holders who has it; empty when it is free, {@code null} when the store could not be asked
     * @param waiters how many claims wait for it; {@code null} when the store could not be asked
     * @param error why the store could not be asked; {@code null} when it answered
     */
    public record StoredLock(
            @Nullable List<LockInfo.Holder> holders,
            @Nullable Integer waiters,
            @Nullable String error) {}
}

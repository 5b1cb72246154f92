package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scripts as methods: keys and arguments in, answers out. */
final class LockScripts {

    /** How long an answer may take for somebody who does not want to wait. */
    private static final Duration NO_WAIT_PATIENCE = Duration.ofSeconds(1);

    /** After that the release is repeated while its caller waits no longer. */
    private static final Duration RELEASE_IN_PLACE_PATIENCE = Duration.ofSeconds(1);

    private static final Duration MIN_ACQUIRE_PATIENCE = Duration.ofMillis(500);
    private static final Duration MIN_RENEW_PATIENCE = Duration.ofMillis(300);

    private final Route link;
    private final LockKeys keys;
    private final String keepToken;

    LockScripts(Route link, LockKeys keys, Duration maxClockSkew) {
        this.link = link;
        this.keys = keys;
        this.keepToken = text(Field.millis(maxClockSkew));
    }

    /** Asks for the lock. The two functions are called right before the request is sent. */
    CompletableFuture<Answer> acquire(
            LockClaim claim, StoredClaim stored, Route route, Runnable sending, Supplier<Duration> waitTime) {
        String[] lock = keys.handOff(claim.name(), stored.holder());
        long granted = Field.millis(max(claim.leaseTime(), claim.minHold())) + Field.millis(claim.lockDelay());
        Duration left = waitTime.get();
        Supplier<String[]> arguments = () -> {
            String wait = text(Field.millis(waitTime.get()));
            sending.run();
            return arguments(
                    stored.holder(), text(granted), wait, text(stored.tokens()), stored.info(), stored.terms());
        };
        Duration patience = route.keepsCaller() ? inPlacePatience(left) : acquirePatience(left);
        return route.<String>eval(patience, Script.ACQUIRE, lock, arguments).thenApply(Answer::parse);
    }

    /**
     * Whether the holder had the lock.
     *
     * @param stored {@code null} = whether and how the claim waits is not known: the store has to search
     */
    CompletableFuture<Boolean> release(
            LockClaim claim, @Nullable StoredClaim stored, Duration keep, boolean tombstone, Route route) {
        String holder = Field.encode(claim.holder());
        String[] lock = keys.handOff(claim.name(), holder);
        String[] arguments = arguments(
                holder,
                stored == null ? "" : stored.text(),
                text(Field.millis(keep)),
                text(tombstone ? tombstoneMillis(claim) : 0));
        Duration patience = route.keepsCaller() ? RELEASE_IN_PLACE_PATIENCE : CommandLink.PATIENCE;
        return route.<Long>eval(patience, Script.RELEASE, lock, () -> arguments).thenApply(number -> {
            advanceIfMore(claim.name(), number / 2);
            return number % 2 == 1;
        });
    }

    /** A token above all granted ones. */
    CompletableFuture<Long> forceRelease(String name) {
        return link.<List<Object>>eval(CommandLink.PATIENCE, Script.FORCE_RELEASE, keys.handOff(name), this::arguments)
                .thenApply(answer -> {
                    advanceIfMore(name, answer.get(1));
                    return Long.parseLong(String.valueOf(answer.get(0)));
                });
    }

    /** For each grant whether it was prolonged; all are to last as long as the first. */
    CompletableFuture<String> renew(List<LockGrant> grants, Runnable sending) {
        LockClaim first = grants.get(0).claim();
        String[] locks = new String[grants.size()];
        String[] arguments = new String[grants.size() + 2];
        arguments[0] = text(Field.millis(first.leaseTime()) + Field.millis(first.lockDelay()));
        arguments[1] = text(Field.millis(first.minHold()));
        for (int i = 0; i < locks.length; i++) {
            LockGrant grant = grants.get(i);
            locks[i] = keys.lock(grant.claim().name());
            arguments[i + 2] = StoredLock.beginning(grant);
        }
        return link.eval(renewPatience(first.leaseTime()), Script.RENEW, locks, () -> {
            sending.run();
            return arguments;
        });
    }

    /** The lock's value, and the number of waiters. */
    CompletableFuture<List<Object>> inspect(String name) {
        return link.eval(CommandLink.PATIENCE, Script.INSPECT, keys.inspect(name), () -> new String[0]);
    }

    /** A request that a broken connection left on its way is expected to arrive, if at all, within two leases. */
    static long tombstoneMillis(LockClaim claim) {
        return 2 * Field.millis(claim.leaseTime());
    }

    /** A silent connection is given up while there is still time to ask again on another one. */
    private static Duration acquirePatience(Duration waitTime) {
        if (waitTime.isZero()) {
            return NO_WAIT_PATIENCE;
        }
        return min(max(part(waitTime, 2), MIN_ACQUIRE_PATIENCE), CommandLink.PATIENCE);
    }

    /** Whoever waits here cannot be woken by the end of the wait time. */
    private static Duration inPlacePatience(Duration waitTime) {
        return waitTime.isZero() ? NO_WAIT_PATIENCE : min(acquirePatience(waitTime), waitTime);
    }

    /** And while there is still time to renew on another one. */
    private static Duration renewPatience(Duration leaseTime) {
        return max(min(part(leaseTime, 3), CommandLink.PATIENCE), MIN_RENEW_PATIENCE);
    }

    /** Duration itself divides by decimal numbers, which takes longer than all else here. */
    private static Duration part(Duration whole, int divisor) {
        return Duration.ofMillis(Field.millis(whole) / divisor);
    }

    /** Nobody waits for this: if it fails, the waiters find the lock free when they look again. */
    private void advanceIfMore(String name, Object more) {
        if (isTrue(more)) {
            CompletableFuture<Long> advanced =
                    link.eval(CommandLink.PATIENCE, Script.ADVANCE, keys.handOff(name), this::arguments);
            advanced.thenAccept(evenMore -> advanceIfMore(name, evenMore));
        }
    }

    /** Of every script that may grant: first how long the last token is kept. */
    private String[] arguments(String... more) {
        String[] all = new String[more.length + 1];
        all[0] = keepToken;
        System.arraycopy(more, 0, all, 1, more.length);
        return all;
    }

    private static boolean isTrue(Object answer) {
        return Long.valueOf(1).equals(answer);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}

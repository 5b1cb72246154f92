package io.distributedlock.redis;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.LockGrant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A lock as it stands in the store: holder, token, number of tokens, since, end, application, instance, thread. */
final class StoredLock {

    private StoredLock() {}

    /** Reads the answer of the inspect script: the lock, and the number of waiters. */
    static LockInfo info(String name, List<Object> answer) {
        String lock = String.valueOf(answer.get(0));
        return new LockInfo(name, holders(lock), Math.toIntExact((Long) answer.get(1)));
    }

    /** How it begins while this grant stands in it. */
    static String beginning(LockGrant grant) {
        return Field.encode(grant.claim().holder()) + ' ' + grant.token() + ' ';
    }

    private static List<LockInfo.Holder> holders(String lock) {
        String[] field = lock.split(" ", -1);
        // A free lock is an empty text; one that is kept without an owner begins with an empty field.
        if (field[0].isEmpty()) {
            return List.of();
        }
        return List.of(new LockInfo.Holder(
                Field.decode(field[0]),
                Long.parseLong(field[1]),
                LockMode.EXCLUSIVE,
                Instant.EPOCH.plus(Long.parseLong(field[3]), ChronoUnit.MICROS),
                new HolderInfo(Field.decode(field[5]), Field.decode(field[6]), Field.decode(field[7]))));
    }
}

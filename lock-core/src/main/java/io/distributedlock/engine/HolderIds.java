package io.distributedlock.engine;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of holders, a new one for every claim: a number and the time, scrambled with a secret of this process. Within a process
 * no two are alike, and between processes they are as random as the secret. Asking the system for random numbers each time
 * takes longer than all else that a claim costs here.
 */
final class HolderIds {

    /** Odd, with bits all over: each step changes about half of them. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final long HIGH;
    private static final long LOW;

    static {
        SecureRandom random = new SecureRandom();
        HIGH = random.nextLong();
        LOW = random.nextLong();
    }

    private static final AtomicLong numbers = new AtomicLong();

    private HolderIds() {}

    static UUID next() {
        long number = numbers.incrementAndGet() * STEP;
        // Two processes that go on from one snapshot have the same secret and numbers, but not the same time.
        return new UUID(scrambled(HIGH + number), scrambled(LOW + System.nanoTime()));
    }

    /** Different numbers stay different: each line can be undone. */
    private static long scrambled(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}

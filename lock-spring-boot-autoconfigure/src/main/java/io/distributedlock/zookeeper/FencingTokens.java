package io.distributedlock.zookeeper;

import io.distributedlock.spi.LockGrant;

/**
 * The tokens of a grant: {@code czxid × 64 + n}. The czxid is the number of the transaction that created the claim's
 * node, unique and growing for the whole life of an ensemble; claims get the lock in the order of their creation.
 *
 * <p>A grant has 63 of the 64 numbers. The last one is for the forced release: greater than all tokens of the grant it
 * ends, smaller than those of the claims that already wait.
 */
final class FencingTokens {

    static final int PER_GRANT = 63;

    private static final int STRIDE = PER_GRANT + 1;

    private FencingTokens() {}

    static long first(long czxid) {
        if (czxid < 1 || czxid > LockGrant.MAX_TOKEN / STRIDE) {
            throw new IllegalStateException(
                    "Transaction 0x%x of ZooKeeper is beyond 0x%x: its tokens would not fit 53 bits"
                                    .formatted(czxid, LockGrant.MAX_TOKEN / STRIDE)
                            + "; the ensemble has elected too many leaders, move the locks to a new one");
        }
        return czxid * STRIDE;
    }

    static long forced(long czxid) {
        return first(czxid) + PER_GRANT;
    }
}

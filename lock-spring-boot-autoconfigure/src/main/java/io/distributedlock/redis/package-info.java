/** Locks in Redis: scripts for what has to be atomic, a queue in the store, and one message to hand a lock on. */
@NullMarked
package io.distributedlock.redis;

import org.jspecify.annotations.NullMarked;

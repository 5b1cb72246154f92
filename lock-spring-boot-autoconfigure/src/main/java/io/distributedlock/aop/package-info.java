/** Finds {@code @DistributedLock} on beans, checks it when they are created, and runs their methods under the lock. */
@NullMarked
package io.distributedlock.aop;

import org.jspecify.annotations.NullMarked;

/** Fencing in Redis: a script raises the mark and writes in one step. */
@NullMarked
package io.distributedlock.fencing.redis;

import org.jspecify.annotations.NullMarked;

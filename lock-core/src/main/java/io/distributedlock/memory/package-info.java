/** Locks that live in this JVM only, for tests and demonstrations. */
@NullMarked
package io.distributedlock.memory;

import org.jspecify.annotations.NullMarked;

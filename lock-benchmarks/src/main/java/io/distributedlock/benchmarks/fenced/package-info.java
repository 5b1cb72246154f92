/** An application that locks what it writes to a database, with a fence and without. */
@NullMarked
package io.distributedlock.benchmarks.fenced;

import org.jspecify.annotations.NullMarked;

/** JVMs that lock at the same time as the first. */
@NullMarked
package io.distributedlock.benchmarks.child;

import org.jspecify.annotations.NullMarked;

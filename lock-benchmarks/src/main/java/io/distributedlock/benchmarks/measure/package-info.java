/** Slices of time in which threads lock and unlock, and what is made of them. */
@NullMarked
package io.distributedlock.benchmarks.measure;

import org.jspecify.annotations.NullMarked;

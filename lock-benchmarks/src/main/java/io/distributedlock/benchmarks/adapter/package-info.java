/** Locks to measure, each behind the same two calls. */
@NullMarked
package io.distributedlock.benchmarks.adapter;

import org.jspecify.annotations.NullMarked;

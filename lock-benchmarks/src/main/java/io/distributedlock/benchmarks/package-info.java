/** Measures locks side by side: ours, others' and a floor under all of them. */
@NullMarked
package io.distributedlock.benchmarks;

import org.jspecify.annotations.NullMarked;

package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.measure.Slice;
import java.util.concurrent.Callable;

/**
 * What happens again in each round.
 *
 * @param name of the adapter, as in the table
 * @param slice runs for a short time
 */
record Turn(String name, Callable<Slice> slice) {}

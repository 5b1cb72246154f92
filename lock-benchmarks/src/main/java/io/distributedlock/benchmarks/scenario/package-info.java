/** What is measured: one class for each kind of load. */
@NullMarked
package io.distributedlock.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;

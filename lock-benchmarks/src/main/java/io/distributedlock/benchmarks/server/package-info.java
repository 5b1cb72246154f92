/** Real servers, started for a run and ended with it. */
@NullMarked
package io.distributedlock.benchmarks.server;

import org.jspecify.annotations.NullMarked;

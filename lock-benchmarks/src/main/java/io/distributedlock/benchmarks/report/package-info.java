/** Tables, numbers and pictures. */
@NullMarked
package io.distributedlock.benchmarks.report;

import org.jspecify.annotations.NullMarked;
